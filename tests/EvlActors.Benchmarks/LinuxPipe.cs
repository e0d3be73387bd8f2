using System.Runtime.InteropServices;

namespace EvlActors.Benchmarks;

/// <summary>A pipe of the host's kernel: the yardstick of the transfers.</summary>
internal sealed unsafe partial class LinuxPipe : IDisposable
{
    private readonly int _readEnd;
    private readonly int _writeEnd;

    public LinuxPipe()
    {
        int* ends = stackalloc int[2];
        if (Pipe(ends) != 0)
            throw new InvalidOperationException("The kernel gave no pipe.");
        _readEnd = ends[0];
        _writeEnd = ends[1];
    }

    public void WriteAndRead(byte[] bytes)
    {
        Write(bytes);
        Read(bytes);
    }

    public void Write(byte[] bytes)
    {
        fixed (byte* at = bytes)
        {
            if (Write(_writeEnd, at, (nuint)bytes.Length) != bytes.Length)
                throw new InvalidOperationException("The kernel's pipe did not take the bytes.");
        }
    }

    /// <summary>Blocks until the bytes are there.</summary>
    public void Read(byte[] bytes)
    {
        fixed (byte* at = bytes)
        {
            if (Read(_readEnd, at, (nuint)bytes.Length) != bytes.Length)
                throw new InvalidOperationException("The kernel's pipe did not pass the bytes on.");
        }
    }

    public void Dispose()
    {
        _ = Close(_readEnd);
        _ = Close(_writeEnd);
    }

    [LibraryImport("libc", EntryPoint = "pipe")]
    private static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int fd, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int fd, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
