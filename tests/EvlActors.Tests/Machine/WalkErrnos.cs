namespace EvlActors.Tests;

/// <summary>What the calls of a random walk may answer, with the devices and arguments that there are.</summary>
internal static class WalkErrnos
{
    private static readonly Dictionary<SyscallNumber, Errno[]> s_allowed = new()
    {
        [SyscallNumber.Open] = [Errno.EMFILE, Errno.ENODEV],
        [SyscallNumber.CreateXbuf] = [Errno.ENXIO, Errno.EMFILE, Errno.EEXIST],
        [SyscallNumber.Pipe2] = [Errno.EMFILE],
        [SyscallNumber.Close] = [Errno.EBADF, Errno.EINTR],
        [SyscallNumber.Dup] = [Errno.EBADF, Errno.EMFILE],
        [SyscallNumber.Dup2] = [Errno.EBADF, Errno.EBUSY],
        [SyscallNumber.Dup3] = [Errno.EBADF, Errno.EBUSY, Errno.EINVAL],
        [SyscallNumber.Fcntl] = [Errno.EBADF, Errno.EINVAL, Errno.EMFILE],
        [SyscallNumber.CloseRange] = [Errno.EINVAL],
        [SyscallNumber.Read] = [Errno.EBADF, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR],
        [SyscallNumber.Write] = [Errno.EBADF, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR, Errno.ENOBUFS, Errno.EPIPE],
        [SyscallNumber.OobRead] = [Errno.EPERM, Errno.EBADF, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR, Errno.EIDRM, Errno.ENOBUFS],
        [SyscallNumber.OobWrite] = [Errno.EPERM, Errno.EBADF, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR, Errno.EIDRM],
        [SyscallNumber.Ioctl] = [Errno.EBADF, Errno.ENOTTY, Errno.ESTALE],
        [SyscallNumber.OobIoctl] = [Errno.EPERM, Errno.EBADF, Errno.ENOTTY, Errno.EINTR, Errno.ESTALE],
        [SyscallNumber.Mmap] = [Errno.EBADF, Errno.ENODEV, Errno.EACCES],
        [SyscallNumber.Munmap] = [Errno.EINVAL],
        [SyscallNumber.Attach] = [Errno.EBUSY, Errno.EMFILE],
        [SyscallNumber.Detach] = [Errno.EPERM],
        [SyscallNumber.Fork] = [Errno.EINTR],
        [SyscallNumber.Exec] = [Errno.EINTR],
        [SyscallNumber.Wait] = [Errno.ECHILD, Errno.EINTR],
        [SyscallNumber.Kill] = [],
        [SyscallNumber.Lseek] = [Errno.EBADF, Errno.ESPIPE],
    };

    /// <summary>Whether a call may answer an errno because a fault was injected.</summary>
    internal static bool IsOfFault(SyscallNumber call, Errno errno) => errno switch
    {
        Errno.EFAULT => call is SyscallNumber.Open or SyscallNumber.CreateXbuf or SyscallNumber.Pipe2 or SyscallNumber.Read or SyscallNumber.Write
            or SyscallNumber.OobRead or SyscallNumber.OobWrite,
        Errno.ENOMEM => call is SyscallNumber.Open or SyscallNumber.CreateXbuf or SyscallNumber.Pipe2 or SyscallNumber.Attach or SyscallNumber.Fork
            or SyscallNumber.CloseRange,
        Errno.ENFILE => call is SyscallNumber.Open or SyscallNumber.CreateXbuf or SyscallNumber.Pipe2 or SyscallNumber.Attach,
        // From a device that has failed.
        Errno.EIO => call is SyscallNumber.Open or SyscallNumber.Read or SyscallNumber.Write or SyscallNumber.OobRead or SyscallNumber.OobWrite
            or SyscallNumber.Ioctl or SyscallNumber.OobIoctl or SyscallNumber.Mmap or SyscallNumber.Close,
        _ => false,
    };

    /// <summary>Whether a call may answer an errno; ESRCH may be said to any: its process ends.</summary>
    internal static bool Allows(SyscallNumber call, Errno errno) =>
        errno == Errno.ESRCH || (s_allowed.TryGetValue(call, out Errno[]? allowed) && allowed.Contains(errno));
}
