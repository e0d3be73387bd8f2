using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EvlActors.Streams;

/// <summary>
/// The messages that go into a descriptor, one write each. <see cref="TryWrite"/> can't wait for the machine's answer, so it gives
/// the message to a write that goes on by itself, one at a time: the writer holds at most one message that is not in the ring.
/// </summary>
internal sealed class MessageWriter<T>(Endpoint endpoint) : ChannelWriter<T>
    where T : unmanaged
{
    private readonly byte[] _bytes = new byte[Unsafe.SizeOf<T>()];

    // 1 while somebody writes: the bytes and the pending write are his.
    private int _isWriting;

    // The write of a TryWrite that had no answer at once; it never fails, what it meets is in _end.
    private Task _pending = Task.CompletedTask;

    // Why nothing more is written; null: it is.
    private EndOfMessages? _end;

    /// <inheritdoc/>
    public override bool TryComplete(Exception? error = null) => Close(error);

    /// <inheritdoc/>
    public override bool TryWrite(T item)
    {
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
            return false;
        try
        {
            if (_end is not null || !_pending.IsCompleted)
                return false;
            MemoryMarshal.Write(_bytes, in item);
            ValueTask<SysResult> write = endpoint.Write(_bytes, default);
            if (!write.IsCompleted)
            {
                _pending = FinishAsync(write);
                return true;
            }
            SysResult result = write.GetAwaiter().GetResult(); // it has completed: nothing waits
            if (result.Value == _bytes.Length)
                return true;
            _pending = FinishAsync(new ValueTask<SysResult>(result));
            return _end is null;
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            await Settle(cancellationToken).ConfigureAwait(true);
            if (_end is { Error: { } error })
                throw error;
            return _end is null;
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(T item, CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            await Settle(cancellationToken).ConfigureAwait(true);
            ThrowIfEnded();
            MemoryMarshal.Write(_bytes, in item);
            SysResult result = await endpoint.Write(_bytes, cancellationToken).ConfigureAwait(true);
            if (result.Errno == Errno.EINTR)
                Endpoint.Count(result, cancellationToken); // throws: nothing was written, and the next write may succeed
            if (result.Value == _bytes.Length)
                return;
            // It has begun: the rest follows, or there is no next message.
            await FinishAsync(new ValueTask<SysResult>(result)).ConfigureAwait(true);
            ThrowIfEnded();
        }
        finally
        {
            End();
        }
    }

    // Until the last message is in the ring. What is cancelled is the waiting, not the write.
    private ValueTask Settle(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        return _pending.IsCompleted ? default : new ValueTask(_pending.WaitAsync(cancellation));
    }

    private async Task FinishAsync(ValueTask<SysResult> write)
    {
        try
        {
            for (int written = 0; ;)
            {
                SysResult result = await write.ConfigureAwait(true);
                // An accepted message is written, whoever unblocks the thread.
                if (result.Errno != Errno.EINTR)
                    written += FdStream.Taken(result.OrThrow());
                if (written == _bytes.Length)
                    return;
                write = endpoint.Write(_bytes.AsMemory(written), default);
            }
        }
        catch (Exception e)
        {
            Close(e);
        }
    }

    private bool Close(Exception? error) => Interlocked.CompareExchange(ref _end, new EndOfMessages(error), null) is null;

    private void ThrowIfEnded()
    {
        if (_end is { } end)
            throw new ChannelClosedException(end.Error);
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            throw new InvalidOperationException(
                "A write of this channel is under way: it has one writer. Await the write, or open a channel for each writer.");
        }
    }

    private void End() => Volatile.Write(ref _isWriting, 0);

    private sealed record EndOfMessages(Exception? Error);
}
