using System.Buffers.Binary;

namespace EvlActors.Benchmarks;

/// <summary>An in-band pipe of the machine, written and read by one thread.</summary>
internal sealed class MachinePipe
{
    private readonly UserThread _thread;
    private readonly UserBuffer _buffer;
    private readonly int _readEnd;
    private readonly int _writeEnd;

    public MachinePipe(UserThread thread, int bytes)
    {
        byte[] ends = new byte[2 * sizeof(int)];
        thread.Pipe2(ends).OrThrow();
        _thread = thread;
        _buffer = new byte[bytes];
        _readEnd = BinaryPrimitives.ReadInt32LittleEndian(ends);
        _writeEnd = BinaryPrimitives.ReadInt32LittleEndian(ends.AsSpan(sizeof(int)));
    }

    public void WriteAndRead()
    {
        _thread.Write(_writeEnd, _buffer).OrThrow();
        _thread.Read(_readEnd, _buffer).OrThrow();
    }
}
