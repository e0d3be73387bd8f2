namespace EvlActors;

/// <summary>A thread in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Tid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Policy">Its nominal policy.</param>
/// <param name="Priority">Its nominal priority; 0 unless FIFO or RR.</param>
/// <param name="Stage">The stage on which it was.</param>
/// <param name="IsAttached">Whether it was an EVL thread.</param>
/// <param name="Call">The call under way; null: it was in its own code.</param>
/// <param name="Fd">The descriptor that the call names or makes, or -1.</param>
/// <param name="Task">Whether it ran or slept, and where.</param>
public sealed record ThreadSnapshot(
    int Pid, int Tid, string Name, SchedPolicy Policy, int Priority, Stage Stage, bool IsAttached, SyscallNumber? Call, int Fd, TaskSnapshot Task)
{
    /// <summary>Whether its call slept.</summary>
    public bool IsAsleep => Task.State is TaskState.Interruptible or TaskState.Uninterruptible;

    /// <summary>Such as "thread 2 sampler (Fifo 98, out-of-band): OobRead of fd 3, asleep in OobRead of /dev/x, interruptible".</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string scheduling = Priority == 0 ? $"{Policy}" : $"{Policy} {Priority}";
        string stage = Stage == Stage.Oob ? "out-of-band" : IsAttached ? "attached, in-band" : "in-band";
        string call = Call is not { } nr ? "in its own code" : Fd < 0 ? $"{nr}" : $"{nr} of fd {Fd}";
        string sleep = !IsAsleep ? "" : $", asleep in {(Task.Operation is { } operation ? $"{operation} of " : "")}{Task.Where}, "
            + (Task.State == TaskState.Interruptible ? "interruptible" : "uninterruptible");
        return $"thread {Tid} {Name} ({scheduling}, {stage}): {call}{sleep}";
    }
}
