namespace EvlActors.Drivers;

/// <summary>
/// A latch that one waiter consumes. Counterpart of <c>struct evl_flag</c>. Used by handlers, kernel threads and interrupts of
/// one device.
/// </summary>
public sealed class EvlFlag
{
    private const long Pulsed = 1;
    private readonly WaitQueue _waiters = new();

    /// <summary>Whether it is raised and not consumed yet; evl_peek_flag.</summary>
    public bool IsRaised { get; private set; }

    /// <summary>Waits until the flag is raised, and consumes it; waiters in priority order. evl_wait_flag.</summary>
    /// <param name="context">Who waits; out-of-band or a kernel thread.</param>
    /// <param name="timeout">How long at most; for ever by default.</param>
    /// <returns>0, or why the wait ended: ETIMEDOUT, EAGAIN with a NonBlock timeout, EINTR, ERESTARTSYS, EIDRM.</returns>
    /// <exception cref="WrongStageException">The caller is in-band.</exception>
    public async IoTask Wait(IoContext context, EvlTimeout timeout = default)
    {
        StageCheck.OutOfBand(context, "EvlFlag.Wait");
        StageCheck.MightSleep(context, "EvlFlag.Wait");
        timeout = timeout.From(context.Device.Engine);
        while (!IsRaised)
        {
            SysResult woken = await _waiters.Wait(context, timeout);
            if (woken.IsError)
                return woken;
            if (woken.Value == Pulsed)
                return 0;
        }
        IsRaised = false;
        return 0;
    }

    /// <summary>Raises the flag and wakes all waiters, of which one consumes it. evl_raise_flag.</summary>
    public void Raise()
    {
        IsRaised = true;
        _waiters.WakeAll();
    }

    /// <summary>Lets everybody through who waits now; nothing is latched. evl_pulse_flag.</summary>
    public void Pulse() => _waiters.WakeAll(Pulsed);

    /// <summary>Lowers the flag. evl_clear_flag.</summary>
    public void Clear() => IsRaised = false;

    /// <summary>Lowers the flag and says whether it was raised. evl_read_flag.</summary>
    /// <returns>Whether it was raised.</returns>
    public bool Read()
    {
        bool was = IsRaised;
        IsRaised = false;
        return was;
    }

    /// <summary>Ends all waits with an error. evl_flush_flag, evl_destroy_flag.</summary>
    /// <param name="reason">What the waits return; EIDRM unless said otherwise.</param>
    public void Flush(Errno reason = Errno.EIDRM) => _waiters.Flush(reason);
}
