namespace EvlActors;

/// <summary>Where a signal comes from: <c>si_code</c>, with the values of Linux. A file's event carries its
/// <see cref="PollCode"/>, SIGCHLD CLD_EXITED (1) or CLD_KILLED (2).</summary>
public enum SigCode
{
    /// <summary>SI_USER: kill(2).</summary>
    User = 0,
    /// <summary>SI_KERNEL: the machine.</summary>
    Kernel = 0x80,
    /// <summary>SI_QUEUE: sigqueue(3), and EVL's SIGDEBUG.</summary>
    Queue = -1,
    /// <summary>SI_TIMER: a timer.</summary>
    Timer = -2,
    /// <summary>SI_SIGIO: a file's event, told by a signal whose own codes would be mistaken for the event's.</summary>
    SigIo = -5,
    /// <summary>SI_TKILL: tkill(2), tgkill(2), raise(3).</summary>
    Tkill = -6,
}
