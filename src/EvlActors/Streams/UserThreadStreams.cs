using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EvlActors.Streams;

namespace EvlActors;

/// <summary>
/// Descriptors of a <see cref="UserThread"/> as what .NET reads from and writes to: <see cref="Stream"/>, <see cref="PipeReader"/>,
/// <see cref="PipeWriter"/>, <see cref="ChannelReader{T}"/> and <see cref="ChannelWriter{T}"/>. Meant for the in-band end of a
/// cross-buffer, which reads what was written out-of-band and writes what is read there; pipes and drivers that transfer bytes work
/// as well.
/// </summary>
/// <remarks>
/// <para>
/// A stream makes its calls, read(2) and write(2), with the thread that it was opened with, and a thread makes one call at a time:
/// a second one throws <see cref="InvalidOperationException"/>. To read and write at once, open two streams, each with a thread of its own.
/// </para>
/// <para>
/// A read waits for one byte and takes what is there then, up to its buffer; bytes of one write are contiguous up to the size of the
/// ring, beyond that it goes part by part. Both wait also if the file is O_NONBLOCK, and change no flag of it.
/// </para>
/// <para>
/// Cancelling unblocks the call as evl_unblock_thread does: <see cref="OperationCanceledException"/>, no byte is read, none is
/// lost; a result that is already there wins. A write of several parts that is cancelled has written those before.
/// Every errno is an <see cref="EvlException"/>, which is an <see cref="IOException"/>: EBADF when the descriptor is closed, ESRCH
/// when thread, process or machine have ended, EIO when the machine has failed, EINTR when a signal or <see
/// cref="UserThread.Unblock"/> ended the call: then nothing was transferred, and the stream can be used on. Only where read answers
/// 0 does a stream end: at a pipe without writer, never at a cross-buffer.
/// </para>
/// </remarks>
public static class UserThreadStreams
{
    /// <summary>
    /// Makes a stream of a descriptor. Counterpart of fdopen(3), without a buffer. Its synchronous members block as blocking calls do,
    /// so they are for code on a thread of its own.
    /// </summary>
    /// <param name="thread">The thread that makes the stream's calls.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="leaveOpen">Whether disposing the stream leaves the descriptor open; false by default.</param>
    /// <returns>The stream. It can be read if the file is open for reading and, of a cross-buffer, has an inbound ring; written
    /// likewise. Disposing it while a call of it is under way throws <see cref="InvalidOperationException"/> and does nothing.</returns>
    /// <exception cref="EvlException">EBADF; ESRCH, EIO as all calls.</exception>
    public static async ValueTask<Stream> OpenStreamAsync(this UserThread thread, int fd, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return new FdStream(await Endpoint.FindAsync(thread, fd).ConfigureAwait(true), leaveOpen);
    }

    /// <summary><inheritdoc cref="OpenStreamAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread that makes the stream's calls.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="leaveOpen">Whether disposing the stream leaves the descriptor open; false by default.</param>
    /// <returns>As <see cref="OpenStreamAsync"/>.</returns>
    /// <exception cref="EvlException">As <see cref="OpenStreamAsync"/>.</exception>
    public static Stream OpenStream(this UserThread thread, int fd, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return new FdStream(Endpoint.Find(thread, fd), leaveOpen);
    }

    /// <summary>Makes a pipe reader of a descriptor, for parsers: <see cref="PipeReader.Create(Stream, StreamPipeReaderOptions?)"/>
    /// over its stream.</summary>
    /// <param name="thread">The thread that makes the reader's calls.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="leaveOpen">Whether completing the reader leaves the descriptor open; false by default.</param>
    /// <returns>The reader. Its buffer holds what was read and not consumed: those bytes are in the ring no more.</returns>
    /// <exception cref="ArgumentException">The descriptor can't be read.</exception>
    /// <exception cref="EvlException">EBADF; ESRCH, EIO as all calls.</exception>
    public static async ValueTask<PipeReader> OpenPipeReaderAsync(this UserThread thread, int fd, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(thread);
        Endpoint endpoint = await Endpoint.FindAsync(thread, fd).ConfigureAwait(true);
        CheckHolds(fd, "inbound", "reading", endpoint.MostRead, 1, "A pipe reader");
        return PipeReader.Create(new FdStream(endpoint, leaveOpen));
    }

    /// <summary>Makes a pipe writer of a descriptor. A flush that is cancelled has written a part of the bytes; the next goes on
    /// behind it.</summary>
    /// <param name="thread">The thread that makes the writer's calls.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="leaveOpen">Whether completing the writer leaves the descriptor open; false by default.</param>
    /// <returns>The writer. Complete, which writes what is left, blocks; CompleteAsync does not.</returns>
    /// <exception cref="ArgumentException">The descriptor can't be written.</exception>
    /// <exception cref="EvlException">EBADF; ESRCH, EIO as all calls.</exception>
    public static async ValueTask<PipeWriter> OpenPipeWriterAsync(this UserThread thread, int fd, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(thread);
        Endpoint endpoint = await Endpoint.FindAsync(thread, fd).ConfigureAwait(true);
        CheckHolds(fd, "outbound", "writing", endpoint.MostWritten, 1, "A pipe writer");
        return new FdPipeWriter(new FdStream(endpoint, leaveOpen));
    }

    /// <summary>
    /// Makes a channel reader of a descriptor, for messages of one size, each as it lies in memory. Each is one read of its size, so
    /// messages of which each was written by one call are never torn, whoever else reads.
    /// </summary>
    /// <typeparam name="T">The message; give it a fixed layout.</typeparam>
    /// <param name="thread">The thread that makes the reader's calls.</param>
    /// <param name="fd">The descriptor; it stays the caller's to close.</param>
    /// <returns>
    /// The reader, for one reading at a time: a second <c>ReadAsync</c> or <c>WaitToReadAsync</c> meanwhile throws <see
    /// cref="InvalidOperationException"/>, a <c>TryRead</c> gives false. <c>WaitToReadAsync</c> takes a message out of the ring and keeps
    /// it for the next <c>TryRead</c>, <c>ReadAsync</c> or <c>ReadAllAsync</c>. <c>TryRead</c> without one asks the machine and never
    /// waits for the answer: if it is not there at once, it gives false, and the message to the next who reads. An errno other than
    /// EINTR completes the channel with its <see cref="EvlException"/>, the end of a pipe without one; <c>ReadAsync</c> then throws
    /// <see cref="ChannelClosedException"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The descriptor can't be read, or its ring is smaller than a message.</exception>
    /// <exception cref="EvlException">EBADF; ESRCH, EIO as all calls.</exception>
    public static async ValueTask<ChannelReader<T>> OpenChannelReaderAsync<T>(this UserThread thread, int fd)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(thread);
        Endpoint endpoint = await Endpoint.FindAsync(thread, fd).ConfigureAwait(true);
        CheckHolds(fd, "inbound", "reading", endpoint.MostRead, Unsafe.SizeOf<T>(), $"A message of type {typeof(T).Name}");
        return new MessageReader<T>(endpoint);
    }

    /// <summary>
    /// Makes a channel writer of a descriptor, for messages of one size, each as it lies in memory. Each is one write, all or nothing.
    /// </summary>
    /// <typeparam name="T">The message; give it a fixed layout.</typeparam>
    /// <param name="thread">The thread that makes the writer's calls.</param>
    /// <param name="fd">The descriptor; it stays the caller's to close.</param>
    /// <returns>
    /// The writer, for one writing at a time: a second <c>WriteAsync</c> or <c>WaitToWriteAsync</c> meanwhile throws <see
    /// cref="InvalidOperationException"/>, a <c>TryWrite</c> gives false. <c>WriteAsync</c> returns when its message is in the ring.
    /// <c>TryWrite</c> never waits: it takes the message unless the one before is still on its way, and has it written as soon as
    /// there is room; <c>WaitToWriteAsync</c> returns when that one is in the ring. An errno other than EINTR ends the writer as
    /// <c>TryComplete</c> with its <see cref="EvlException"/> does: <c>WriteAsync</c> then throws <see
    /// cref="ChannelClosedException"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The descriptor can't be written, or its ring is smaller than a message.</exception>
    /// <exception cref="EvlException">EBADF; ESRCH, EIO as all calls.</exception>
    public static async ValueTask<ChannelWriter<T>> OpenChannelWriterAsync<T>(this UserThread thread, int fd)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(thread);
        Endpoint endpoint = await Endpoint.FindAsync(thread, fd).ConfigureAwait(true);
        CheckHolds(fd, "outbound", "writing", endpoint.MostWritten, Unsafe.SizeOf<T>(), $"A message of type {typeof(T).Name}");
        return new MessageWriter<T>(endpoint);
    }

    private static void CheckHolds(int fd, string ring, string access, int most, int bytes, string what)
    {
        if (most == 0)
            throw new ArgumentException($"Descriptor {fd} has no {ring} ring, or is not open for {access}.", nameof(fd));
        if (most < bytes)
        {
            throw new ArgumentException(
                $"{what} has {bytes} bytes, the {ring} ring of descriptor {fd} holds {most}: make it at least as large.", nameof(fd));
        }
    }
}
