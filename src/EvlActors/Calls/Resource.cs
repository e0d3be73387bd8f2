namespace EvlActors;

/// <summary>What a limit limits; the RLIMIT_* values of Linux.</summary>
public enum Resource
{
    /// <summary>RLIMIT_CPU; kept, not enforced.</summary>
    Cpu = 0,
    /// <summary>RLIMIT_NOFILE: descriptors are below the soft value.</summary>
    MaxFiles = 7,
    /// <summary>RLIMIT_MEMLOCK; kept, not enforced.</summary>
    LockedMemory = 8,
    /// <summary>RLIMIT_SIGPENDING: how many signals may be queued for the process's user.</summary>
    PendingSignals = 11,
    /// <summary>RLIMIT_RTPRIO; kept, not enforced.</summary>
    RealTimePriority = 14,
}
