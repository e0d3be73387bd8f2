namespace EvlActors.Drivers;

/// <summary>
/// A lock between the two stages: any number of holders of one stage keep the other one out. Counterpart of
/// <c>struct evl_stax</c>. Used by handlers and kernel threads of one device; it may be held over the end of a call. New
/// callers of the holding stage enter while the other stage waits.
/// </summary>
public sealed class EvlStax
{
    private readonly WaitQueue _oob = new(WaitOrder.Fifo);
    private readonly WaitQueue _inBand = new(WaitOrder.Fifo);
    private bool _isOob;
    private int _holders;

    /// <summary>Whether a stage holds it.</summary>
    public bool IsHeld => _holders > 0;

    /// <summary>
    /// Enters for the caller's stage, sleeping while the other one holds it. <c>evl_lock_stax</c>. A user thread with T_WOSX that
    /// had to sleep out-of-band gets SIGDEBUG, cause STAGEX, when its call ends.
    /// </summary>
    /// <param name="context">Who enters; either stage, not an interrupt.</param>
    /// <returns>0; else it was not entered: ERESTARTSYS for a signal, EINTR if unblocked, EIDRM.</returns>
    /// <exception cref="WrongStageException">An interrupt called.</exception>
    public async IoTask Lock(IoContext context)
    {
        StageCheck.MaySleep(context, "EvlStax.Lock");
        StageCheck.MightSleep(context, "EvlStax.Lock");
        while (TryLock(context).IsError)
        {
            if (context is { IsOob: true, Call: { } call })
                call.MetStageExclusion = true;
            if (await QueueOf(context).Wait(context) is { IsError: true } ended)
                return ended;
        }
        return 0;
    }

    /// <summary>Enters if the other stage does not hold it. <c>evl_trylock_stax</c>; any context.</summary>
    /// <param name="context">Who enters.</param>
    /// <returns>0; EAGAIN.</returns>
    public SysResult TryLock(IoContext context)
    {
        if (_holders > 0 && _isOob != context.IsOob)
            return Errno.EAGAIN;
        _isOob = context.IsOob;
        _holders++;
        return 0;
    }

    /// <summary>Leaves; the last of a stage wakes everybody of the other one. <c>evl_unlock_stax</c>; any context.</summary>
    /// <param name="context">Who leaves; of the stage that holds it.</param>
    /// <exception cref="InvalidOperationException">The caller's stage does not hold it.</exception>
    public void Unlock(IoContext context)
    {
        if (_holders == 0 || _isOob != context.IsOob)
            throw new InvalidOperationException("A stax is unlocked by the stage that has locked it, once for each lock.");
        if (--_holders == 0)
            (_isOob ? _inBand : _oob).WakeAll();
    }

    /// <summary>Ends all waits with EIDRM. <c>evl_destroy_stax</c>.</summary>
    public void Destroy()
    {
        _oob.Flush();
        _inBand.Flush();
    }

    private WaitQueue QueueOf(IoContext context) => context.IsOob ? _oob : _inBand;
}
