namespace EvlActors.Drivers;

/// <summary>
/// One waiter of a manual sleep, LDD3's "advanced sleeping". Counterpart of <c>DEFINE_WAIT</c>:
/// <code>
/// var wait = new WaitQueueEntry(call);
/// while (true)
/// {
///     queue.PrepareToWait(wait);
///     if (condition) break;
///     if (await wait.Schedule() is { IsError: true } interrupted) { queue.FinishWait(wait); return interrupted; }
/// }
/// queue.FinishWait(wait);
/// </code>
/// </summary>
/// <param name="context">Who sleeps.</param>
public sealed class WaitQueueEntry(IoContext context)
{
    internal IoContext Context { get; } = context;

    /// <summary>Sleeps if the entry is still marked asleep; a wake-up since it was prepared lets it go on at once. <c>schedule</c>.</summary>
    /// <returns>Awaited: 0 after a wake-up; ERESTARTSYS or EINTR if an interruptible sleep was interrupted.</returns>
    public Wait Schedule()
    {
        if (Context.State == WaitState.Prepared)
            Context.Device.Waits.GoToSleep(Context);
        return new Wait(Context);
    }
}
