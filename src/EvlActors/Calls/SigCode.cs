namespace EvlActors;

/// <summary>Where a signal comes from: <c>si_code</c>, with the values of Linux. SIGIO carries POLL_IN (1) to POLL_HUP
/// (6), SIGCHLD CLD_EXITED (1) or CLD_KILLED (2).</summary>
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
    /// <summary>SI_SIGIO: queued SIGIO that lost its band.</summary>
    SigIo = -5,
    /// <summary>SI_TKILL: tkill(2), tgkill(2), raise(3).</summary>
    Tkill = -6,
}
