namespace EvlActors;

/// <summary>A kernel thread in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="IsAsleep">Whether it slept.</param>
public sealed record KernelThreadSnapshot(string Name, int Priority, bool IsAsleep)
{
    /// <summary>Such as "kernel thread sampler (98): asleep".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"kernel thread {Name} ({Priority}): {(IsAsleep ? "asleep" : "awake")}";
}
