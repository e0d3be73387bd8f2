namespace EvlActors;

/// <summary>
/// When a point fails: the attributes of Linux's fault injection, by their names. They are looked at in this order: fail-nth,
/// probability 0, task filter, times, space, interval, probability.
/// </summary>
public sealed record FaultAttributes
{
    /// <summary>How likely a failure is, in percent, 0 to 100; 0 by default: never. For less than 1% raise
    /// <see cref="Interval"/>.</summary>
    public int Probability { get; init; }

    /// <summary>Only each so many-th time that the point is met can be a failure; 1 by default, at least 1.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>How often it fails at most; -1: without limit. 1 by default, as Linux has it.</summary>
    public int Times { get; init; } = 1;

    /// <summary>A budget before the first failure: what is asked for is taken from it, and while it lasts nothing fails. In bytes
    /// for copies and allocations, else 1 each time. 0 by default.</summary>
    public long Space { get; init; }

    /// <summary>What a failure logs: 0 nothing, 1 that there was one, 2 (default) also where, and by whom.</summary>
    public int Verbose { get; init; } = 2;

    /// <summary>Whose calls can fail; null (default): everybody's, and what no call leads to. Asked in turns of the machine: it is
    /// quick, has no side effects and must not throw. Counterpart of task-filter and make-it-fail.</summary>
    public Predicate<FaultTask>? TaskFilter { get; init; }

    /// <summary>Fails exactly the so many-th time that the filter's tasks meet the point, and never else; then only
    /// <see cref="TaskFilter"/> and <see cref="Verbose"/> count beside it. 0 (default): it is not used. Counterpart of fail-nth, which
    /// counts per task.</summary>
    public long FailNth { get; init; }

    /// <summary>How long what is put off is put off, by the machine's clock: <see cref="FaultPoint.Stall"/>,
    /// <see cref="FaultPoint.LateReference"/>. 1 ms by default; the machine's end waits for it.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

    internal void Check()
    {
        if (Probability is < 0 or > 100)
            throw new ArgumentOutOfRangeException(nameof(Probability), Probability, $"{nameof(Probability)} is 0 to 100.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Times, -1);
        ArgumentOutOfRangeException.ThrowIfNegative(Space);
        ArgumentOutOfRangeException.ThrowIfNegative(FailNth);
        if (Verbose is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(Verbose), Verbose, $"{nameof(Verbose)} is 0 to 2.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Delay, TimeSpan.Zero);
    }
}
