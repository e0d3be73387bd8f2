namespace EvlActors.Drivers;

/// <summary>
/// Where handlers of one device sleep until another handler of that device wakes them. Counterpart of
/// <c>struct evl_wait_queue</c>. Testing a condition and beginning to wait are one turn, so no wake-up is lost:
/// <code>while (condition is false) { if (await queue.Wait(call) is { IsError: true } interrupted) return interrupted; }</code>
/// </summary>
/// <param name="order">The order of the waiters; by priority unless said otherwise.</param>
public sealed class WaitQueue(WaitOrder order = WaitOrder.Priority)
{
    private IoContext? _first;
    private IoContext? _last;
    private PollHead? _pollers;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => _first is null;

    /// <summary>Those who poll what is waited for here; its wake-ups are told them.</summary>
    internal PollHead Pollers => _pollers ??= new PollHead();

    /// <summary>The waiter that would be woken first, or null.</summary>
    internal IoContext? First => _first;

    /// <summary>
    /// Begins an interruptible wait; a wake-up is no promise, so test the condition again after it.
    /// </summary>
    /// <param name="context">Who waits.</param>
    /// <returns>Awaited: 0 after a wake-up; ERESTARTSYS (a signal), EINTR (unblocked), EIDRM (flushed, or the file of an oob
    /// call is being released), EIO (the device has failed), or what <see cref="Flush"/> says.</returns>
    /// <exception cref="InvalidOperationException">The context waits already, or may not sleep.</exception>
    /// <exception cref="DeviceStoppedException">The device has failed and an earlier wait said so.</exception>
    public Wait Wait(IoContext context) => Begin(context, interruptible: true);

    /// <summary>Begins an interruptible wait that ends in time. <c>evl_wait_timeout</c>.</summary>
    /// <param name="context">Who waits.</param>
    /// <param name="timeout">How long at most.</param>
    /// <returns>Awaited: as <see cref="Wait(IoContext)"/>; ETIMEDOUT, or EAGAIN at once with <see cref="EvlTimeout.NonBlock"/>.</returns>
    /// <exception cref="InvalidOperationException">The context waits already, may not sleep, or is in an atomic section.</exception>
    public Wait Wait(IoContext context, EvlTimeout timeout) => Begin(context, interruptible: true, timeout);

    /// <summary>
    /// Sleeps until a condition holds, tested in turns of the device before each sleep. <c>evl_wait_event</c>. A
    /// <see cref="WakeAll"/> with a result other than 0 ends it although the condition may not hold.
    /// </summary>
    /// <param name="context">Who waits.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <param name="timeout">How long at most; for ever by default.</param>
    /// <returns>0; ETIMEDOUT, EAGAIN, EINTR, ERESTARTSYS, EIDRM.</returns>
    public async IoTask WaitEvent(IoContext context, Func<bool> condition, EvlTimeout timeout = default)
    {
        StageCheck.MightSleep(context, "WaitQueue.WaitEvent");
        timeout = timeout.From(context.Device.Engine);
        while (!condition())
        {
            SysResult woken = await Begin(context, interruptible: true, timeout);
            if (woken.IsError)
                return woken;
            if (woken.Value != 0)
                return 0;
        }
        return 0;
    }

    /// <summary>Begins a wait that signals, unblocking and kills don't end.</summary>
    /// <param name="context">Who waits.</param>
    /// <returns>Awaited: 0 after a wake-up, EIDRM, or what <see cref="Flush"/> says.</returns>
    /// <exception cref="InvalidOperationException">The context waits already, or may not sleep.</exception>
    /// <exception cref="DeviceStoppedException">The device has failed.</exception>
    public Wait WaitUninterruptible(IoContext context) => Begin(context, interruptible: false);

    /// <summary>Wakes all waiters; each tests its condition again. Wake-ups are not latched.</summary>
    /// <param name="result">What their waits return.</param>
    /// <param name="key">What has become possible, for pollers; none (default): not said, so all of them ask again.</param>
    public void WakeAll(long result = 0, PollEvents key = PollEvents.None)
    {
        _pollers?.Signal(key);
        // Those that go to sleep again do it in turns of their own, so the loop ends.
        while (_first is { } waiter)
            waiter.Wake(result);
    }

    /// <summary>Wakes the first waiter, if there is one.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    /// <returns>Whether one was woken.</returns>
    public bool WakeOne(PollEvents key = PollEvents.None)
    {
        _pollers?.Signal(key);
        if (_first is not { } waiter)
            return false;
        waiter.Wake(0);
        return true;
    }

    /// <summary>Wakes all waiters with an error; what a driver does before it dismantles.</summary>
    /// <param name="reason">What their waits return; EIDRM unless said otherwise.</param>
    public void Flush(Errno reason = Errno.EIDRM)
    {
        _pollers?.Signal(PollEvents.None);
        while (_first is { } waiter)
            waiter.Wake(reason);
    }

    /// <summary>Wakes, with an error, the waiters that are out-of-band callers or kernel threads; in-band callers sleep on.</summary>
    /// <param name="reason">What their waits return; EIDRM unless said otherwise.</param>
    public void FlushOob(Errno reason = Errno.EIDRM)
    {
        for (IoContext? waiter = _first; waiter is not null;)
        {
            IoContext? next = waiter.QueueNext;
            if (waiter.IsOob)
                waiter.Wake(reason);
            waiter = next;
        }
    }

    internal void Remove(IoContext waiter)
    {
        if (waiter.QueuePrevious is null)
            _first = waiter.QueueNext;
        else
            waiter.QueuePrevious.QueueNext = waiter.QueueNext;
        if (waiter.QueueNext is null)
            _last = waiter.QueuePrevious;
        else
            waiter.QueueNext.QueuePrevious = waiter.QueuePrevious;
        waiter.QueueNext = null;
        waiter.QueuePrevious = null;
        waiter.Queue.Value = null;
    }

    /// <summary>Wakes all non-exclusive waiters and some exclusive ones; 0: all.</summary>
    internal void WakeMixed(int exclusive, bool interruptibleOnly, PollEvents key)
    {
        _pollers?.Signal(key);
        int left = exclusive == 0 ? int.MaxValue : exclusive;
        for (IoContext? waiter = _first; waiter is not null && left > 0;)
        {
            IoContext? next = waiter.QueueNext;
            if (waiter.IsInterruptible || !interruptibleOnly)
            {
                if (waiter.IsExclusive)
                    left--;
                waiter.Wake(0);
            }
            waiter = next;
        }
    }

    /// <summary>Puts a context into the queue that has not decided to sleep yet.</summary>
    internal void Prepare(IoContext context, bool interruptible, bool first, bool exclusive)
    {
        context.Device.Waits.Prepare(context, interruptible);
        if (context.State != WaitState.Prepared)
            return;
        context.IsExclusive = exclusive;
        Insert(context, first);
    }

    internal Wait Begin(
        IoContext context, bool interruptible, EvlTimeout timeout = default, bool first = false, bool exclusive = false)
    {
        if (timeout.IsNonBlock)
        {
            context.WaitResult = Errno.EAGAIN;
            return new Wait(context);
        }
        Prepare(context, interruptible, first, exclusive);
        if (context.State == WaitState.Prepared)
            context.Device.Waits.GoToSleep(context, timeout);
        return new Wait(context);
    }

    internal void Insert(IoContext waiter, bool first)
    {
        IoContext? after = first ? null : _last;
        if (order == WaitOrder.Priority && !first)
        {
            while (after is not null && after.Priority < waiter.Priority)
                after = after.QueuePrevious;
        }
        waiter.Queue.Set(this);
        waiter.QueuePrevious = after;
        waiter.QueueNext = after is null ? _first : after.QueueNext;
        if (waiter.QueueNext is null)
            _last = waiter;
        else
            waiter.QueueNext.QueuePrevious = waiter;
        if (after is null)
            _first = waiter;
        else
            after.QueueNext = waiter;
    }
}
