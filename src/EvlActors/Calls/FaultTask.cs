namespace EvlActors;

/// <summary>Whose call meets a fault point.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Tid">Its thread; negative: the machine itself, on behalf of the process.</param>
/// <param name="Name">The thread's name.</param>
public readonly record struct FaultTask(int Pid, int Tid, string Name);
