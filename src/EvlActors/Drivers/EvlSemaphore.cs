namespace EvlActors.Drivers;

/// <summary>A counting semaphore of a device. Counterpart of <c>struct evl_ksem</c>; waiters in priority order.</summary>
/// <param name="value">The count at the beginning, not negative.</param>
public sealed class EvlSemaphore(int value = 0)
{
    private readonly WaitQueue _waiters = new();

    /// <summary>The count.</summary>
    public int Value { get; private set; } = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A count is not negative.");

    /// <summary>Whether somebody waits.</summary>
    public bool HasWaiters => !_waiters.IsEmpty;

    /// <summary>Takes one, sleeping until there is one. <c>evl_down</c>, <c>evl_down_timeout</c>.</summary>
    /// <param name="context">Who waits; out-of-band or a kernel thread.</param>
    /// <param name="timeout">How long at most; for ever by default.</param>
    /// <returns>0; ETIMEDOUT, EAGAIN with a NonBlock timeout or after <see cref="Broadcast"/>, EINTR, ERESTARTSYS, EIDRM.</returns>
    /// <exception cref="WrongStageException">The caller is in-band.</exception>
    public async IoTask Down(IoContext context, EvlTimeout timeout = default)
    {
        StageCheck.OutOfBand(context, "EvlSemaphore.Down");
        StageCheck.MightSleep(context, "EvlSemaphore.Down");
        timeout = timeout.From(context.Device.Engine);
        while (Value == 0)
        {
            SysResult woken = await _waiters.Wait(context, timeout);
            if (woken.IsError)
                return woken;
        }
        Value--;
        return 0;
    }

    /// <summary>Takes one if there is one. <c>evl_trydown</c>; any context.</summary>
    /// <returns>0; EAGAIN.</returns>
    public SysResult TryDown()
    {
        if (Value == 0)
            return Errno.EAGAIN;
        Value--;
        return 0;
    }

    /// <summary>Gives one back and wakes the first waiter. <c>evl_up</c>; any context.</summary>
    public void Up()
    {
        Value++;
        _waiters.WakeOne();
    }

    /// <summary>Wakes everybody who waits now without giving anything. <c>evl_broadcast</c>; any context.</summary>
    /// <param name="result">What their waits return; EAGAIN unless said otherwise.</param>
    public void Broadcast(Errno result = Errno.EAGAIN) => _waiters.Flush(result);

    /// <summary>Ends all waits with EIDRM. <c>evl_destroy_ksem</c>.</summary>
    public void Destroy() => _waiters.Flush();
}
