namespace EvlActors;

/// <summary>Whether a thread runs or sleeps, as its driver chose it. Counterpart of <c>task_struct.state</c>; the values are Linux's.</summary>
public enum TaskState
{
    /// <summary>TASK_RUNNING: in its own code, or in a call that does not sleep.</summary>
    Running = 0,
    /// <summary>TASK_INTERRUPTIBLE: asleep until it is woken, or a signal or unblocking comes.</summary>
    Interruptible = 1,
    /// <summary>TASK_UNINTERRUPTIBLE: asleep until it is woken; signals wait, SIGKILL among them.</summary>
    Uninterruptible = 2,
    /// <summary>TASK_DEAD: it has ended.</summary>
    Dead = 0x80,
}
