namespace EvlActors.Engine;

/// <summary>How a <see cref="PriorityEngine"/> uses the operating system's real-time services.</summary>
public sealed record PriorityEngineOptions
{
    /// <summary>
    /// Whether to ask for SCHED_FIFO: for the oob worker, at 99, and for the threads that ask for a real-time priority. Default
    /// true. Where it is not granted, or this is false, every thread may run the oob lane.
    /// </summary>
    public bool RealTime { get; init; } = true;

    /// <summary>Whether to lock the process's memory (mlockall), so that no page fault delays the oob lane. Default false.</summary>
    public bool LockMemory { get; init; }

    /// <summary>The CPU that the oob worker is pinned to. Default null: any.</summary>
    public int? OobWorkerCpu { get; init; }

    /// <summary>
    /// How long constant out-of-band work may keep in-band work of the same lane from its turn before a warning is logged, once
    /// for each lane. The work is not favoured. Not negative; <see cref="TimeSpan.MaxValue"/>: no warning. Default 1 s.
    /// </summary>
    public TimeSpan InBandHoldUpLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a FIFO thread that blocks for the oob lane lends its priority to the thread that owns it. Default true; false only
    /// to measure what it is worth. Linux, and only where SCHED_FIFO is granted.
    /// </summary>
    internal bool InheritPriority { get; init; } = true;
}
