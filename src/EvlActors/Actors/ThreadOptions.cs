namespace EvlActors.Actors;

/// <summary>A dedicated thread that an engine starts.</summary>
/// <param name="Name">The thread's name.</param>
/// <param name="RealTimePriority">0 for an ordinary thread; 1 to 99: SCHED_FIFO with that priority, where permitted.</param>
/// <param name="Cpu">The CPU it is pinned to, or null.</param>
public readonly record struct ThreadOptions(string Name, int RealTimePriority = 0, int? Cpu = null);
