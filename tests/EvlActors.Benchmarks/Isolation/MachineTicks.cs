using System.Buffers.Binary;

namespace EvlActors.Benchmarks.Isolation;

/// <summary>The ticks of a <see cref="TickDevice"/>, read out-of-band.</summary>
internal sealed class MachineTicks(UserThread thread) : ITickSource
{
    private readonly int _fd = thread.Open(TickDevice.Path).OrThrow();
    private readonly byte[] _date = new byte[sizeof(long)];

    public long Wait()
    {
        thread.OobRead(_fd, _date).OrThrow();
        return LinuxClock.NowNs - BinaryPrimitives.ReadInt64LittleEndian(_date);
    }
}
