using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// Where in-band handlers sleep until a condition holds. Counterpart of <c>wait_queue_head_t</c>. Non-exclusive waiters stand
/// before exclusive ones, which stand in order of arrival; a wake-up reaches all of the former and a number of the latter.
/// Wake-ups are not latched. Its services are in-band ones: out-of-band code wakes by an <see cref="IrqWork"/>, else they throw
/// <see cref="WrongStageException"/>.
/// </summary>
/// <remarks>
/// A condition is tested before sleeping and after each wake-up, in turns of the device, so testing and going to sleep are one
/// step. If it holds already nobody sleeps, even with a signal pending; if it holds when a signal comes, success wins.
/// </remarks>
public sealed class WaitQueueHead
{
    private readonly WaitQueue _waiters = new(WaitOrder.Fifo);

    /// <summary>Those who poll what is waited for here.</summary>
    internal PollHead Pollers => _waiters.Pollers;

    /// <summary>Whether somebody waits. <c>waitqueue_active</c>.</summary>
    public bool IsActive => !_waiters.IsEmpty;

    /// <summary>Sleeps until a condition holds; nothing else ends it. <c>wait_event</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <returns>0.</returns>
    public IoTask WaitEvent(IoContext context, Func<bool> condition) => Until(context, condition, interruptible: false, exclusive: false);

    /// <summary>As <see cref="WaitEvent"/>, as an exclusive waiter. <c>wait_event_exclusive</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <returns>0.</returns>
    public IoTask WaitEventExclusive(IoContext context, Func<bool> condition) =>
        Until(context, condition, interruptible: false, exclusive: true);

    /// <summary>Sleeps until a condition holds or a signal comes. <c>wait_event_interruptible</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <returns>0; ERESTARTSYS, EINTR if it was unblocked.</returns>
    public IoTask WaitEventInterruptible(IoContext context, Func<bool> condition) =>
        Until(context, condition, interruptible: true, exclusive: false);

    /// <summary>As <see cref="WaitEventInterruptible"/>, as an exclusive waiter. <c>wait_event_interruptible_exclusive</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <returns>0; ERESTARTSYS, EINTR if it was unblocked.</returns>
    public IoTask WaitEventInterruptibleExclusive(IoContext context, Func<bool> condition) =>
        Until(context, condition, interruptible: true, exclusive: true);

    /// <summary>Sleeps until a condition holds or time is up. <c>wait_event_timeout</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <param name="timeoutNs">How long at most, in nanoseconds.</param>
    /// <returns>0 if time was up and the condition did not hold; else what was left, in nanoseconds, at least 1.</returns>
    public IoTask WaitEventTimeout(IoContext context, Func<bool> condition, long timeoutNs) =>
        Within(context, condition, timeoutNs, interruptible: false);

    /// <summary>As <see cref="WaitEventTimeout"/>, ended by a signal too. <c>wait_event_interruptible_timeout</c>.</summary>
    /// <param name="context">Who sleeps.</param>
    /// <param name="condition">The condition; no side effects.</param>
    /// <param name="timeoutNs">How long at most, in nanoseconds.</param>
    /// <returns>As <see cref="WaitEventTimeout"/>; ERESTARTSYS, EINTR if it was unblocked.</returns>
    public IoTask WaitEventInterruptibleTimeout(IoContext context, Func<bool> condition, long timeoutNs) =>
        Within(context, condition, timeoutNs, interruptible: true);

    /// <summary>Wakes all non-exclusive waiters and one exclusive one. <c>wake_up</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUp(PollEvents key = PollEvents.None) => WakeUpNr(1, key);

    /// <summary>Wakes all non-exclusive waiters and some exclusive ones. <c>wake_up_nr</c>.</summary>
    /// <param name="exclusive">How many; 0: all.</param>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpNr(int exclusive, PollEvents key = PollEvents.None) => Wake(exclusive, interruptibleOnly: false, key);

    /// <summary>Wakes everybody. <c>wake_up_all</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpAll(PollEvents key = PollEvents.None) => WakeUpNr(0, key);

    /// <summary>As <see cref="WakeUp"/>, passing uninterruptible sleepers by. <c>wake_up_interruptible</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpInterruptible(PollEvents key = PollEvents.None) => WakeUpInterruptibleNr(1, key);

    /// <summary>As <see cref="WakeUpNr"/>, passing uninterruptible sleepers by. <c>wake_up_interruptible_nr</c>.</summary>
    /// <param name="exclusive">How many exclusive ones; 0: all.</param>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpInterruptibleNr(int exclusive, PollEvents key = PollEvents.None) => Wake(exclusive, interruptibleOnly: true, key);

    /// <summary>As <see cref="WakeUpAll"/>, passing uninterruptible sleepers by. <c>wake_up_interruptible_all</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpInterruptibleAll(PollEvents key = PollEvents.None) => WakeUpInterruptibleNr(0, key);

    /// <summary>As <see cref="WakeUp"/>; turns are never preempted, so the hint changes nothing. <c>wake_up_sync</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpSync(PollEvents key = PollEvents.None) => WakeUp(key);

    /// <summary>As <see cref="WakeUpInterruptible"/>; the hint changes nothing. <c>wake_up_interruptible_sync</c>.</summary>
    /// <param name="key">What has become possible, for pollers, who all hear of it; none (default): not said.</param>
    public void WakeUpInterruptibleSync(PollEvents key = PollEvents.None) => WakeUpInterruptible(key);

    /// <summary>
    /// Puts an entry into the queue and marks it asleep, before the condition is tested. <c>prepare_to_wait</c>; again in each
    /// round of the loop, does nothing if the entry is still there.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="interruptible">TASK_INTERRUPTIBLE (default) or TASK_UNINTERRUPTIBLE.</param>
    public void PrepareToWait(WaitQueueEntry entry, bool interruptible = true) => Prepare(entry, interruptible, exclusive: false);

    /// <summary>As <see cref="PrepareToWait"/>, as an exclusive waiter. <c>prepare_to_wait_exclusive</c>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="interruptible">TASK_INTERRUPTIBLE (default) or TASK_UNINTERRUPTIBLE.</param>
    public void PrepareToWaitExclusive(WaitQueueEntry entry, bool interruptible = true) => Prepare(entry, interruptible, exclusive: true);

    /// <summary>
    /// Takes an entry out of the queue and marks it running. <c>finish_wait</c>. A sleep is ended by a wake-up or by a signal, by
    /// whichever comes first: an exclusive waiter that a signal ended has taken nobody's wake-up, the next one gets it.
    /// </summary>
    /// <param name="entry">The entry.</param>
    public void FinishWait(WaitQueueEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Context.CancelWait();
    }

    private async IoTask Until(IoContext context, Func<bool> condition, bool interruptible, bool exclusive)
    {
        StageCheck.InBand(context, nameof(WaitQueueHead));
        StageCheck.MightSleep(context, "wait_event");
        while (!condition())
        {
            SysResult woken = await _waiters.Begin(context, interruptible, EvlTimeout.Infinite, first: !exclusive, exclusive);
            if (woken.IsError)
                return condition() ? 0 : woken;
        }
        return 0;
    }

    private async IoTask Within(IoContext context, Func<bool> condition, long timeoutNs, bool interruptible)
    {
        StageCheck.InBand(context, nameof(WaitQueueHead));
        StageCheck.MightSleep(context, "wait_event");
        long untilNs = Dates.After(context.Device.Engine.MonotonicNs, timeoutNs);
        while (!condition())
        {
            if (context.Device.Engine.MonotonicNs >= untilNs)
                return 0;
            SysResult woken = await _waiters.Begin(context, interruptible, EvlTimeout.Until(untilNs), first: true, exclusive: false);
            if (woken.IsError && woken.Errno != Errno.ETIMEDOUT && !condition())
                return woken;
        }
        return Math.Max(1, untilNs - context.Device.Engine.MonotonicNs);
    }

    private void Wake(int exclusive, bool interruptibleOnly, PollEvents key)
    {
        StageCheck.InBand("WaitQueueHead.WakeUp");
        _waiters.WakeMixed(exclusive, interruptibleOnly, key);
    }

    private void Prepare(WaitQueueEntry entry, bool interruptible, bool exclusive)
    {
        ArgumentNullException.ThrowIfNull(entry);
        StageCheck.InBand(entry.Context, nameof(WaitQueueHead));
        if (entry.Context.State == WaitState.Running)
            _waiters.Prepare(entry.Context, interruptible, first: !exclusive, exclusive);
    }
}
