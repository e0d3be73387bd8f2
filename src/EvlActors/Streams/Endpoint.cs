using EvlActors.Calls;

namespace EvlActors.Streams;

/// <summary>A descriptor and the thread whose calls use it: what every stream stands on.</summary>
/// <param name="thread">The thread; it makes no other call while one of the stream's is under way.</param>
/// <param name="fd">The descriptor.</param>
/// <param name="access">The access mode of its file.</param>
/// <param name="limits">How much its file transfers at once.</param>
internal sealed class Endpoint(UserThread thread, int fd, OpenFlags access, TransferLimits limits)
{
    internal int Fd { get; } = fd;

    /// <summary>The bytes of one read at most; 0: it can't be read.</summary>
    internal int MostRead { get; } = access == OpenFlags.WriteOnly ? 0 : limits.Read;

    /// <summary>The bytes of one write at most; 0: it can't be written.</summary>
    internal int MostWritten { get; } = access == OpenFlags.ReadOnly ? 0 : limits.Write;

    /// <summary>Whether a call of the thread is under way.</summary>
    internal bool IsCalling => thread.IsCalling;

    internal static async ValueTask<Endpoint> FindAsync(UserThread thread, int fd)
    {
        var limits = new TransferLimits();
        int flags = (await thread.GetFlags(fd, limits).ConfigureAwait(true)).OrThrow();
        return Of(thread, fd, flags, limits);
    }

    internal static Endpoint Find(UserThread thread, int fd)
    {
        var limits = new TransferLimits();
        return Of(thread, fd, thread.GetFlagsBlocking(fd, limits).OrThrow(), limits);
    }

    /// <summary>The bytes that a call has transferred; else what its errno means to who uses a stream.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing was transferred.</exception>
    /// <exception cref="EvlException">It failed.</exception>
    internal static int Count(SysResult result, CancellationToken cancellation) =>
        result.Errno == Errno.EINTR && cancellation.IsCancellationRequested
            ? throw new OperationCanceledException(cancellation)
            : result.OrThrow();

    /// <summary>Reads some bytes, up to the length of the buffer: at least so many, fewer only where waiting on would be a deadlock,
    /// or at the end.</summary>
    internal ValueTask<SysResult> Read(Memory<byte> buffer, int least, CancellationToken cancellation) =>
        thread.StreamRead(Fd, Part(buffer), least, TransferMode.Waiting, cancellation);

    /// <summary>As <see cref="Read"/>; blocks.</summary>
    internal SysResult ReadBlocking(Memory<byte> buffer, int least) => thread.StreamReadBlocking(Fd, Part(buffer), least);

    /// <summary>As <see cref="Read"/>, if they are there; else EAGAIN.</summary>
    internal ValueTask<SysResult> TryRead(Memory<byte> buffer, int least) =>
        thread.StreamRead(Fd, Part(buffer), least, TransferMode.NotWaiting, default);

    /// <summary>Writes the bytes, or as many as one call takes.</summary>
    internal ValueTask<SysResult> Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        thread.StreamWrite(Fd, Part(bytes), cancellation);

    /// <summary>As <see cref="Write"/>; blocks.</summary>
    internal SysResult WriteBlocking(ReadOnlyMemory<byte> bytes) => thread.StreamWriteBlocking(Fd, Part(bytes));

    /// <summary>Closes the descriptor.</summary>
    internal async ValueTask CloseAsync() => Closed(await thread.CloseAsync(Fd).ConfigureAwait(true));

    /// <summary>As <see cref="CloseAsync"/>; blocks.</summary>
    internal void Close() => Closed(thread.Close(Fd));

    private static Endpoint Of(UserThread thread, int fd, int flags, TransferLimits limits) =>
        new(thread, fd, (OpenFlags)flags & OpenFlags.AccessMode, limits);

    // Who is dead, or finds it closed, has nothing to close; whatever else it says is the driver's flush.
    private static void Closed(SysResult result)
    {
        if (result.Errno is not (Errno.ESRCH or Errno.EBADF))
            result.OrThrow();
    }

    private Memory<byte> Part(Memory<byte> buffer) => buffer.Length <= MostRead ? buffer : buffer[..MostRead];

    private ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> bytes) => bytes.Length <= MostWritten ? bytes : bytes[..MostWritten];
}
