using System.Runtime.CompilerServices;

namespace EvlActors.Streams;

/// <summary>
/// A descriptor as a <see cref="Stream"/>. Counterpart of what fdopen(3) makes, without a buffer: each read is one call, each write
/// one for every part that the file takes at once. Keeps no state that a cancelled or failed call could leave half changed.
/// </summary>
internal sealed class FdStream(Endpoint endpoint, bool leaveOpen) : Stream
{
    private bool _isDisposed;

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed && endpoint.MostRead > 0;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed && endpoint.MostWritten > 0;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw NotSeekable();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckReadable();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ValueTask<SysResult> call = endpoint.Read(buffer, least: 1, cancellationToken);
        return EndRead(call, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        CheckReadable();
        return endpoint.ReadBlocking(buffer.AsMemory(offset, count), least: 1).OrThrow();
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, default), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckWritable();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : WriteParts(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        CheckWritable();
        for (ReadOnlyMemory<byte> rest = buffer.AsMemory(offset, count); !rest.IsEmpty;)
            rest = rest[Taken(endpoint.WriteBlocking(rest).OrThrow())..];
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, default), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Does nothing: what was written is written.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw NotSeekable();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (BeginDispose())
            await endpoint.CloseAsync().ConfigureAwait(true);
        await base.DisposeAsync().ConfigureAwait(true);
    }

    /// <summary>Writes the next part, in one call.</summary>
    /// <returns>How many bytes that was.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing was written.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<int> WritePart(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        Taken(Endpoint.Count(await endpoint.Write(bytes, cancellation).ConfigureAwait(true), cancellation));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && BeginDispose())
            endpoint.Close();
        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> EndRead(ValueTask<SysResult> call, CancellationToken cancellation) =>
        Endpoint.Count(await call.ConfigureAwait(true), cancellation);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteParts(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await WritePart(bytes, cancellation).ConfigureAwait(true)..];
    }

    // Else a driver that takes nothing would be asked for ever.
    internal static int Taken(int count) =>
        count > 0 ? count : throw new IOException("The driver answered 0 to a write: nothing was taken, and nothing said why.");

    // The thread that would close makes the read that is under way: nothing is closed, and nothing disposed.
    private bool BeginDispose()
    {
        if (_isDisposed || leaveOpen)
        {
            _isDisposed = true;
            return false;
        }
        if (endpoint.IsCalling)
            throw new InvalidOperationException("A read or write of the stream is under way: cancel and await it before the stream is disposed.");
        _isDisposed = true;
        return true;
    }

    private void CheckReadable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (endpoint.MostRead == 0)
            throw new NotSupportedException($"Descriptor {endpoint.Fd} can't be read: it has no inbound ring, or is open for writing only.");
    }

    private void CheckWritable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (endpoint.MostWritten == 0)
            throw new NotSupportedException($"Descriptor {endpoint.Fd} can't be written: it has no outbound ring, or is open for reading only.");
    }

    private static NotSupportedException NotSeekable() => new("This stream has no position.");
}
