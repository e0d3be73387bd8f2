namespace EvlActors;

/// <summary>A process in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="ParentPid">The process that waits for it; 0: none.</param>
/// <param name="HasEnded">Whether nothing is left of it but its status.</param>
/// <param name="Threads">Its threads that are not dead, by tid.</param>
/// <param name="Descriptors">Its descriptors, ascending.</param>
public sealed record ProcessSnapshot(
    int Pid, int ParentPid, bool HasEnded, IReadOnlyList<ThreadSnapshot> Threads, IReadOnlyList<DescriptorSnapshot> Descriptors)
{
    /// <summary>Such as "process 3, child of 1".</summary>
    /// <returns>The text, without threads and descriptors.</returns>
    public override string ToString() =>
        $"process {Pid}{(ParentPid == 0 ? "" : $", child of {ParentPid}")}{(HasEnded ? ", ended, not waited for" : "")}";
}
