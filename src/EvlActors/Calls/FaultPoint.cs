namespace EvlActors;

/// <summary>
/// A place where a fault can be injected, by its name; Linux's own where Linux has it. Beside those listed here a driver or a
/// test has points of its own: <c>new FaultPoint("uart_reset")</c>, as <c>fail_function</c> names functions.
/// </summary>
/// <param name="Name">The name; two points of one name are the same.</param>
public sealed record FaultPoint(string Name)
{
    /// <summary>A copy from or to user memory copies nothing: EFAULT. Linux's fail_usercopy.</summary>
    public static FaultPoint UserCopy { get; } = new("fail_usercopy");

    /// <summary>An allocation fails: ENOMEM. The ring of a cross-buffer, an element, an open file, a pipe, a process, an entry of
    /// a poll set or an epoll. Linux's failslab.</summary>
    public static FaultPoint Allocation { get; } = new("failslab");

    /// <summary>No descriptor is left to the process: EMFILE.</summary>
    public static FaultPoint Descriptor { get; } = new("fail_fd");

    /// <summary>No open file is left to the machine: ENFILE.</summary>
    public static FaultPoint OpenFile { get; } = new("fail_file");

    /// <summary>A sleep is ended at once, as by evl_unblock_thread: EINTR. A wake-up that is on its way may win.</summary>
    public static FaultPoint Sleep { get; } = new("fail_sleep");

    /// <summary>A driver's handler throws an <see cref="InjectedFaultException"/> instead of being run: the device fails, EIO.</summary>
    public static FaultPoint Handler { get; } = new("fail_handler");

    /// <summary>A device stalls: the start of a handler is put off by <see cref="FaultAttributes.Delay"/>.</summary>
    public static FaultPoint Stall { get; } = new("stall_device");

    /// <summary>The message that gives a reference of an open file back comes late, by <see cref="FaultAttributes.Delay"/>.</summary>
    public static FaultPoint LateReference { get; } = new("late_reference");

    /// <summary>A worker dies: a driver's kernel thread ends where it would begin a wait.</summary>
    public static FaultPoint Worker { get; } = new("kill_kthread");

    /// <summary>The thread of a lane's worker dies when it has served its lane, and another takes its place: nothing is lost, which is
    /// logged. Met by machines on the priority engine; a simulation has no such threads.</summary>
    public static FaultPoint LaneWorker { get; } = new("kill_worker");

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
