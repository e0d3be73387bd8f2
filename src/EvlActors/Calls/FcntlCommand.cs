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
    /// <summary>F_DUPFD_CLOEXEC: as F_DUPFD, with FD_CLOEXEC set.</summary>
    DupFdCloseOnExec = 1030,
}
