using EvlActors.Actors;
using EvlActors.Engine;
using EvlActors.OutOfBand;
using Microsoft.Extensions.Logging;

namespace EvlActors;

/// <summary>How a machine is made. Every value has a default that works.</summary>
public sealed record EvlMachineOptions
{
    /// <summary>The engine that runs its actors; null (default): a <see cref="PriorityEngine"/> of its own, made with
    /// <see cref="PriorityEngine"/>. The machine owns it and disposes of it.</summary>
    public IActorEngine? Engine { get; init; }

    /// <summary>How the engine that the machine makes for itself is made.</summary>
    public PriorityEngineOptions PriorityEngine { get; init; } = new();

    /// <summary>Where the machine logs; null (default): nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Where writes to /dev/console go; null (default): nowhere.</summary>
    public TextWriter? Console { get; init; }

    /// <summary>How many open file descriptions there may be in the machine, /dev/console's among them; more answer ENFILE. No
    /// limit by default, not negative.</summary>
    public long MaxOpenFiles { get; init; } = long.MaxValue;

    /// <summary>How many elements there may be in each class; more answer EAGAIN. 65,536 by default, not negative.</summary>
    public int MaxElements { get; init; } = 65_536;

    /// <summary>How many registrations the epolls of one user may have together, by the real uid of who made them; more answer
    /// ENOSPC. 1,048,576 by default, about what Linux allows on a host of 4 GiB; not negative. Counterpart of
    /// /proc/sys/fs/epoll/max_user_watches.</summary>
    public long MaxEpollWatches { get; init; } = 1_048_576;

    /// <summary>The faults that it injects from its start, each at its point; null (default): none. What is random of them is drawn
    /// from the engine: in a simulation the seed decides. <see cref="EvlMachine.Faults"/> changes them later.</summary>
    public IReadOnlyDictionary<FaultPoint, FaultAttributes>? Faults { get; init; }

    /// <summary>How many CPUs drivers may run kernel threads on; another is EINVAL there. The host's by default, at least 1.</summary>
    public int OnlineCpus { get; init; } = Environment.ProcessorCount;

    /// <summary>How long the end of the machine waits for calls that can't be interrupted before it fails their devices;
    /// 5 seconds by default, not negative.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the execution time of EVL threads is measured, which reads the clock at each switch of stage; no by
    /// default. Counterpart of CONFIG_EVL_RUNSTATS.</summary>
    public bool RunStatistics { get; init; }

    /// <summary>Makes the out-of-band stage.</summary>
    internal Func<Actor> MakeOobStage { get; init; } = static () => new OobStage();
}
