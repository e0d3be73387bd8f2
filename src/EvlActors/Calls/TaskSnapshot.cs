namespace EvlActors;

/// <summary>What a thread did at one moment: whether it slept, how, and where. Counterpart of the state and wchan of /proc. Immutable.</summary>
public sealed record TaskSnapshot
{
    internal TaskSnapshot(TaskState state, string? where = null, FileOperation? operation = null)
    {
        State = state;
        Where = where;
        Operation = operation;
    }

    /// <summary>Whether it ran or slept.</summary>
    public TaskState State { get; }

    /// <summary>The device in which it slept; "poll", "select", "wait4", "sleep" or "pause" for a call that sleeps in none; null: it did not sleep.</summary>
    public string? Where { get; }

    /// <summary>The operation of the device whose handler slept; null: it did not sleep, or in no device.</summary>
    public FileOperation? Operation { get; }

    internal static TaskSnapshot Running { get; } = new(TaskState.Running);

    internal static TaskSnapshot Dead { get; } = new(TaskState.Dead);

    /// <summary>A call that sleeps in no device: each of them can be interrupted.</summary>
    internal static TaskSnapshot Poll { get; } = new(TaskState.Interruptible, "poll");

    internal static TaskSnapshot Select { get; } = new(TaskState.Interruptible, "select");

    internal static TaskSnapshot Wait4 { get; } = new(TaskState.Interruptible, "wait4");

    internal static TaskSnapshot Sleep { get; } = new(TaskState.Interruptible, "sleep");

    internal static TaskSnapshot Pause { get; } = new(TaskState.Interruptible, "pause");
}
