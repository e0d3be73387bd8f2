namespace EvlActors.Drivers;

/// <summary>
/// A timer's handler: oob interrupt context. It may raise flags, wake and flush queues, send without blocking; it may not sleep.
/// </summary>
public sealed class InterruptContext : IoContext
{
    private readonly EvlTimer _timer;

    internal InterruptContext(EvlTimer timer) => _timer = timer;

    /// <inheritdoc/>
    public override bool CanSleep => false;

    /// <summary>The date for which the timer was set, in nanoseconds of the machine's monotonic clock.</summary>
    public long DateNs { get; internal set; }

    /// <summary>How many periods were missed before this one.</summary>
    public long Overruns { get; internal set; }

    internal override bool IsOob => true;

    internal override void Ended(SysResult result) => _timer.HandlerEnded();
}
