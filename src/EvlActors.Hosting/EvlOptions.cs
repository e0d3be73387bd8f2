using EvlActors.Engine;

namespace EvlActors.Hosting;

/// <summary>A host's machine, as configuration names it. Every value has a default that works; checked when the host starts.</summary>
public sealed class EvlOptions
{
    /// <summary>The usual name of its section: "Evl".</summary>
    public const string DefaultSection = "Evl";

    /// <summary>Whether SCHED_FIFO is asked for; yes by default. Where it is not granted the machine works without.</summary>
    public bool RealTime { get; set; } = true;

    /// <summary>The CPU that the oob worker is pinned to, from 0; null (default): any.</summary>
    public int? OobWorkerCpu { get; set; }

    /// <summary>Whether the process's memory is locked; no by default.</summary>
    public bool LockMemory { get; set; }

    /// <summary>How long constant out-of-band work may keep in-band work from its turn before a warning is logged; 1 second by
    /// default, not negative.</summary>
    public TimeSpan InBandHoldUpLimit { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many open file descriptions there may be; more answer ENFILE. No limit by default, not negative.</summary>
    public long MaxOpenFiles { get; set; } = long.MaxValue;

    /// <summary>How many elements there may be in each class; more answer EAGAIN. 65,536 by default, not negative.</summary>
    public int MaxElements { get; set; } = 65_536;

    /// <summary>How long the machine's end waits for calls that can't be interrupted; 5 seconds by default, not negative. The
    /// host's own shutdown timeout should be longer.</summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the execution time of EVL threads is measured; no by default.</summary>
    public bool RunStatistics { get; set; }

    /// <summary>When the health check speaks up.</summary>
    public EvlHealthOptions Health { get; set; } = new();

    internal EvlMachineOptions ToMachineOptions() => new()
    {
        PriorityEngine = new PriorityEngineOptions
        {
            RealTime = RealTime,
            OobWorkerCpu = OobWorkerCpu,
            LockMemory = LockMemory,
            InBandHoldUpLimit = InBandHoldUpLimit,
        },
        MaxOpenFiles = MaxOpenFiles,
        MaxElements = MaxElements,
        ShutdownGrace = ShutdownGrace,
        RunStatistics = RunStatistics,
    };
}
