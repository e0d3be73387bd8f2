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

    /// <summary>Whether a call may answer an errno; ESRCH may be said to any: its process ends.</summary>
    internal static bool Allows(SyscallNumber call, Errno errno) =>
        errno == Errno.ESRCH || (s_allowed.TryGetValue(call, out Errno[]? allowed) && allowed.Contains(errno));
}
