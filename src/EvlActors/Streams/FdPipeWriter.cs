using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EvlActors.Streams;

/// <summary>
/// The writing side of a pipe over a stream. Not <see cref="PipeWriter.Create(Stream, StreamPipeWriterOptions?)"/>: that writes a whole segment
/// again when its flush was cancelled in the middle. This one forgets each part when it is written, so a cancelled flush repeats
/// and loses nothing.
/// </summary>
#pragma warning disable CA1001 // It ends by Complete, as every pipe writer; the source has neither timer nor handle, and nothing to dispose.
internal sealed class FdPipeWriter(FdStream stream) : PipeWriter
#pragma warning restore CA1001
{
    private const int FirstBufferBytes = 4096;

    // What is not flushed yet: from _start to _end.
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _isFlushing;
    private bool _isCompleted;

    // Ends the flush under way or, if there is none, the next; each is used up by one.
    private CancellationTokenSource _cancelling = new();

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _end - _start;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        CheckIdle();
        MakeRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        CheckIdle();
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _end);
        _end += bytes;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => Volatile.Read(ref _cancelling).Cancel();

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        CheckIdle();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<FlushResult>(cancellationToken)
            : Flush(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (!BeginComplete())
            return;
        try
        {
            if (exception is null && _end > _start)
                stream.Write(_buffer, _start, _end - _start);
        }
        finally
        {
            Forget();
            stream.Dispose();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!BeginComplete())
            return;
        try
        {
            if (exception is null)
                await WriteAll(default).ConfigureAwait(true);
        }
        finally
        {
            Forget();
            await stream.DisposeAsync().ConfigureAwait(true);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> Flush(CancellationToken cancellation)
    {
        CancellationTokenSource cancelling = _cancelling;
        CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), cancelling); // registered with it
        _isFlushing = true;
        try
        {
            await WriteAll(cancelling.Token).ConfigureAwait(true);
            return new FlushResult(isCanceled: false, isCompleted: false);
        }
        catch (OperationCanceledException)
        {
            Volatile.Write(ref _cancelling, new CancellationTokenSource());
            return cancellation.IsCancellationRequested
                ? throw new OperationCanceledException(cancellation)
                : new FlushResult(isCanceled: true, isCompleted: false);
        }
        finally
        {
            registration.Dispose();
            // A token that came too late for this flush is not meant for the next.
            if (cancellation.IsCancellationRequested && _cancelling == cancelling)
                Volatile.Write(ref _cancelling, new CancellationTokenSource());
            _isFlushing = false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAll(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_end > _start)
            _start += await stream.WritePart(_buffer.AsMemory(_start, _end - _start), cancellation).ConfigureAwait(true);
        _start = _end = 0;
    }

    private void MakeRoom(int bytes)
    {
        if (_buffer.Length - _end >= bytes)
            return;
        int unflushed = _end - _start;
        byte[] larger = _buffer.Length - unflushed >= bytes
            ? _buffer
            : ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferBytes, checked(Math.Max(2 * _buffer.Length, unflushed + bytes))));
        _buffer.AsSpan(_start, unflushed).CopyTo(larger);
        if (larger != _buffer)
            Return(_buffer);
        _buffer = larger;
        _start = 0;
        _end = unflushed;
    }

    private bool BeginComplete()
    {
        if (_isCompleted)
            return false;
        CheckIdle();
        _isCompleted = true;
        return true;
    }

    private void Forget()
    {
        Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private void CheckIdle()
    {
        if (_isCompleted)
            throw new InvalidOperationException("The writer is completed: nothing is written after it.");
        if (_isFlushing)
            throw new InvalidOperationException("A flush is under way: await it first.");
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
