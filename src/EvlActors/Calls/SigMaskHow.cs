namespace EvlActors;

/// <summary>How sigprocmask(2) changes a thread's mask, with the values of Linux.</summary>
public enum SigMaskHow
{
    /// <summary>SIG_BLOCK: adds the set.</summary>
    Block = 0,
    /// <summary>SIG_UNBLOCK: removes the set.</summary>
    Unblock = 1,
    /// <summary>SIG_SETMASK: replaces the mask by the set.</summary>
    SetMask = 2,
}
