using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EvlActors.Streams;

/// <summary>
/// The messages that come out of a descriptor, one read each. There is no pump: a message leaves the ring when somebody asks for
/// it, and at most one is held here, between a <see cref="WaitToReadAsync"/> and the <see cref="TryRead"/> that takes it.
/// </summary>
/// <remarks>
/// A read that gets a part of a message (only where its writer wrote it in parts) keeps it, also when it is cancelled or fails, and
/// the next goes on with the rest.
/// </remarks>
internal sealed class MessageReader<T>(Endpoint endpoint) : ChannelReader<T>
    where T : unmanaged
{
    private readonly byte[] _bytes = new byte[Unsafe.SizeOf<T>()];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // 1 while somebody reads: the fields below are his.
    private int _isReading;
    private int _filled;

    // The read of a TryRead that had no answer at once; it does not wait, so it has one soon.
    private Task<SysResult>? _attempt;
    private bool _hasEnded;
    private Exception? _error;

    /// <inheritdoc/>
    public override Task Completion => _completion.Task;

    private bool IsFull => _filled == _bytes.Length;

    private Memory<byte> Rest => _bytes.AsMemory(_filled);

    /// <inheritdoc/>
    public override bool TryRead(out T item)
    {
        item = default;
        if (!TryBegin())
            return false; // who reads already is before us
        try
        {
            if (!IsFull && !_hasEnded)
                Attempt();
            return TryTake(out item);
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            if (await FillAsync(cancellationToken).ConfigureAwait(true))
                return true;
            return _error is null ? false : throw _error;
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<T> ReadAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            await FillAsync(cancellationToken).ConfigureAwait(true);
            return TryTake(out T item) ? item : throw new ChannelClosedException(_error);
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(true))
        {
            if (TryRead(out T item))
                yield return item;
        }
    }

    /// <summary>Reads until there is a whole message.</summary>
    /// <returns>False: there will be none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_attempt is { } attempt)
        {
            _attempt = null;
            EndAttempt(await attempt.ConfigureAwait(true));
        }
        while (!IsFull && !_hasEnded)
            Account(await endpoint.Read(Rest, Rest.Length, cancellation).ConfigureAwait(true), cancellation);
        return IsFull;
    }

    private void Attempt()
    {
        if (_attempt is null)
        {
            ValueTask<SysResult> attempt = endpoint.TryRead(Rest, Rest.Length);
            if (attempt.IsCompleted)
                EndAttempt(attempt.GetAwaiter().GetResult()); // nothing waits
            else
                _attempt = attempt.AsTask();
        }
        else if (_attempt.IsCompleted)
        {
            Task<SysResult> answered = _attempt;
            _attempt = null;
            EndAttempt(answered.GetAwaiter().GetResult()); // nothing waits
        }
    }

    private void EndAttempt(SysResult result)
    {
        // Neither says that there will be no message.
        if (result.Errno is not (Errno.EAGAIN or Errno.EINTR))
            Account(result, default);
    }

    private void Account(SysResult result, CancellationToken cancellation)
    {
        if (result.Errno == Errno.EINTR)
            Endpoint.Count(result, cancellation); // throws: nothing was read, and the next read may succeed
        if (result.IsError)
            Complete(new EvlException(result.Errno, result.Call));
        else if (result.Value > 0)
            _filled += (int)result.Value;
        else
            Complete(_filled == 0 ? null : new EndOfStreamException($"The stream ended {_filled} bytes into a message of {_bytes.Length}."));
    }

    private void Complete(Exception? error)
    {
        _hasEnded = true;
        _error = error;
        if (error is null)
        {
            _completion.SetResult();
            return;
        }
        _completion.SetException(error);
        _ = _completion.Task.Exception; // observed: whoever reads hears of it
    }

    private bool TryTake(out T item)
    {
        if (!IsFull)
        {
            item = default;
            return false;
        }
        item = MemoryMarshal.Read<T>(_bytes);
        _filled = 0;
        return true;
    }

    private void Begin()
    {
        if (!TryBegin())
        {
            throw new InvalidOperationException(
                "A read of this channel is under way: it has one reader. Await the read, or open a channel for each reader.");
        }
    }

    private bool TryBegin() => Interlocked.Exchange(ref _isReading, 1) == 0;

    private void End() => Volatile.Write(ref _isReading, 0);
}
