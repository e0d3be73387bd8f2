namespace EvlActors;

/// <summary>The errors of Linux and EVL, under their own names and numbers. Counterpart of errno.h.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such file or directory.</summary>
    ENOENT = 2,
    /// <summary>No such process.</summary>
    ESRCH = 3,
    /// <summary>Interrupted call.</summary>
    EINTR = 4,
    /// <summary>I/O error; also what a failed device answers.</summary>
    EIO = 5,
    /// <summary>No such device or address; also: the process was not initialised for EVL.</summary>
    ENXIO = 6,
    /// <summary>Exec format error; ABI mismatch.</summary>
    ENOEXEC = 8,
    /// <summary>Bad file descriptor, or not open in the needed mode, or not an oob file.</summary>
    EBADF = 9,
    /// <summary>No child processes.</summary>
    ECHILD = 10,
    /// <summary>Try again: the call would have to sleep.</summary>
    EAGAIN = 11,
    /// <summary>Out of memory.</summary>
    ENOMEM = 12,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Bad address.</summary>
    EFAULT = 14,
    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,
    /// <summary>File exists.</summary>
    EEXIST = 17,
    /// <summary>No such device, or the operation is not supported by it.</summary>
    ENODEV = 19,
    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,
    /// <summary>Is a directory.</summary>
    EISDIR = 21,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>Too many open files in the system.</summary>
    ENFILE = 23,
    /// <summary>Too many open files in the process.</summary>
    EMFILE = 24,
    /// <summary>Not a terminal: the device has no such ioctl.</summary>
    ENOTTY = 25,
    /// <summary>No space left; too many epoll watches.</summary>
    ENOSPC = 28,
    /// <summary>Illegal seek.</summary>
    ESPIPE = 29,
    /// <summary>Broken pipe; also: a latmus round has ended.</summary>
    EPIPE = 32,
    /// <summary>Result out of range.</summary>
    ERANGE = 34,
    /// <summary>Resource deadlock avoided.</summary>
    EDEADLK = 35,
    /// <summary>File name too long.</summary>
    ENAMETOOLONG = 36,
    /// <summary>System call not implemented.</summary>
    ENOSYS = 38,
    /// <summary>Too many levels of nesting.</summary>
    ELOOP = 40,
    /// <summary>Identifier removed: what the caller slept on is gone.</summary>
    EIDRM = 43,
    /// <summary>Value too large.</summary>
    EOVERFLOW = 75,
    /// <summary>File descriptor in bad state.</summary>
    EBADFD = 77,
    /// <summary>No buffer space available: the cross-buffer has no ring in this direction.</summary>
    ENOBUFS = 105,
    /// <summary>Timed out.</summary>
    ETIMEDOUT = 110,
    /// <summary>Stale handle: the element or thread behind the descriptor is gone.</summary>
    ESTALE = 116,
    /// <summary>Restart the call if the signal's handler allows it. Inside drivers only: callers see EINTR or a restart.</summary>
    ERESTARTSYS = 512,
    /// <summary>No such command. Inside drivers only: callers see <see cref="ENOTTY"/>.</summary>
    ENOIOCTLCMD = 515,
}
