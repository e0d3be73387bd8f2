namespace EvlActors;

/// <summary>Why a thread was switched in-band. Counterpart of EVL's EVL_HMDIAG_* causes.</summary>
public enum SwitchCause
{
    /// <summary>It asked for it, or a weak thread's oob call has ended: nobody is notified.</summary>
    None = 0,
    /// <summary>A signal.</summary>
    SigDemote = 1,
    /// <summary>An in-band system call.</summary>
    SysDemote = 2,
    /// <summary>An exception in its code.</summary>
    ExDemote = 3,
    /// <summary>The watchdog.</summary>
    Watchdog = 4,
    /// <summary>A lock dependency.</summary>
    LockDependency = 5,
    /// <summary>Lock imbalance.</summary>
    LockImbalance = 6,
    /// <summary>A sleep with a lock held.</summary>
    LockSleep = 7,
    /// <summary>It had to wait for the other stage.</summary>
    StageExclusion = 8,
}
