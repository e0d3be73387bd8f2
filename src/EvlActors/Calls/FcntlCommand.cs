namespace EvlActors;

/// <summary>The commands of fcntl(2), with the values of Linux.</summary>
public enum FcntlCommand
{
    /// <summary>F_DUPFD: duplicates onto the lowest free number not below the argument.</summary>
    DupFd = 0,
    /// <summary>F_GETFD: the descriptor's flags.</summary>
    GetFd = 1,
    /// <summary>F_SETFD: sets the descriptor's flags, FD_CLOEXEC (1) or 0.</summary>
    SetFd = 2,
    /// <summary>F_GETFL: access mode and status flags.</summary>
    GetFl = 3,
    /// <summary>F_SETFL: sets O_APPEND, O_NONBLOCK, O_DIRECT, O_NOATIME and FASYNC; ignores the rest.</summary>
    SetFl = 4,
    /// <summary>F_SETOWN: the process, or as a negative number the group, that is told of the file's events; 0: nobody. EINVAL for
    /// the smallest int, ESRCH if there is none.</summary>
    SetOwn = 8,
    /// <summary>F_GETOWN: the owner, a group as a negative number; 0: nobody, or it has gone.</summary>
    GetOwn = 9,
    /// <summary>F_SETSIG: the signal that tells it, with descriptor and event, 1 to 64; 0: SIGIO without them. EINVAL for others.</summary>
    SetSig = 10,
    /// <summary>F_GETSIG: that signal, or 0.</summary>
    GetSig = 11,
    /// <summary>F_SETOWN_EX: the owner by a <see cref="FileOwner"/>; EFAULT, EINVAL for an unknown type, ESRCH.</summary>
    SetOwnEx = 15,
    /// <summary>F_GETOWN_EX: the owner as a <see cref="FileOwner"/>; EFAULT.</summary>
    GetOwnEx = 16,
    /// <summary>F_DUPFD_CLOEXEC: as F_DUPFD, with FD_CLOEXEC set.</summary>
    DupFdCloseOnExec = 1030,
}
