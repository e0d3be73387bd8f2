using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>A user thread as the other actors know it. Immutable but for what its own actor owns.</summary>
internal sealed class ThreadInfo(int tid, ProcessInfo process, string name, SchedPolicy policy, int priority)
{
    internal int Tid { get; } = tid;

    internal ProcessInfo Process { get; } = process;

    internal string Name { get; } = name;

    internal SchedPolicy Policy { get; } = policy;

    /// <summary>The nominal priority, 1 to 99 for FIFO and RR, else 0.</summary>
    internal int Priority { get; } = priority;

    /// <summary>What runs its poll and select; made at the first, owned by the in-band stage.</summary>
    internal ActorRef? PollWaiter { get; set; }

    /// <summary>The thread's actor; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the thread, before the identity is passed on
}
