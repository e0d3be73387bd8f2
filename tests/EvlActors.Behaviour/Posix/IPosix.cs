namespace EvlActors.Behaviour.Posix;

/// <summary>
/// System calls that need no device of ours, so that one script can be played on the machine and on the host's kernel. Scripts
/// never sleep in a call.
/// </summary>
public interface IPosix
{
    /// <summary>RLIMIT_NOFILE, the soft value.</summary>
    int MaxFiles { get; }

    /// <summary>pipe2(2); both ends are then moved to the lowest numbers from <paramref name="from"/>, where nobody else is.</summary>
    /// <param name="from">The lowest number wanted.</param>
    /// <param name="flags">O_NONBLOCK, O_CLOEXEC.</param>
    /// <returns>The reading end and the writing end.</returns>
    ValueTask<(int Read, int Write)> Pipe(int from, OpenFlags flags = OpenFlags.NonBlock);

    /// <summary>open(2), moved as a pipe's ends are.</summary>
    /// <param name="from">The lowest number wanted.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">The flags.</param>
    /// <returns>The number.</returns>
    ValueTask<int> Open(int from, string path, OpenFlags flags);

    /// <summary>close(2).</summary>
    ValueTask<SysResult> Close(int fd);

    /// <summary>close_range(2).</summary>
    ValueTask<SysResult> CloseRange(uint first, uint last, CloseRangeFlags flags);

    /// <summary>read(2).</summary>
    ValueTask<SysResult> Read(int fd, byte[]? buffer);

    /// <summary>write(2).</summary>
    ValueTask<SysResult> Write(int fd, byte[]? bytes);

    /// <summary>pread(2).</summary>
    ValueTask<SysResult> Pread(int fd, byte[] buffer, long offset);

    /// <summary>pwrite(2).</summary>
    ValueTask<SysResult> Pwrite(int fd, byte[] bytes, long offset);

    /// <summary>lseek(2).</summary>
    ValueTask<SysResult> Lseek(int fd, long offset, int whence);

    /// <summary>fsync(2).</summary>
    ValueTask<SysResult> Fsync(int fd);

    /// <summary>dup2(2).</summary>
    ValueTask<SysResult> Dup2(int oldFd, int newFd);

    /// <summary>dup3(2).</summary>
    ValueTask<SysResult> Dup3(int oldFd, int newFd, OpenFlags flags);

    /// <summary>fcntl(2).</summary>
    ValueTask<SysResult> Fcntl(int fd, FcntlCommand command, long argument = 0);

    /// <summary>fcntl(2) with a pointer to a struct f_owner_ex, which it replaces.</summary>
    ValueTask<(SysResult Result, FileOwner Owner)> FcntlOwner(int fd, FcntlCommand command, FileOwner owner);

    /// <summary>The calling thread and its process.</summary>
    (int Tid, int Pid) Self { get; }

    /// <summary>Blocks some signals for the calling thread: what it is sent of them waits until it is taken.</summary>
    ValueTask Block(params Signal[] signals);

    /// <summary>Takes the blocked signals that are pending, the lowest first, those of one number in their order.</summary>
    ValueTask<IReadOnlyList<SigInfo>> Take();

    /// <summary>ioctl(2) with a pointer to an int; null is a null pointer.</summary>
    ValueTask<SysResult> Ioctl(int fd, uint command, int? argument);

    /// <summary>mmap(2), MAP_SHARED; what was mapped is unmapped at once.</summary>
    ValueTask<Errno> Mmap(int fd, int length, MapProtection protection);

    /// <summary>poll(2); null is a null pointer to <paramref name="count"/> entries.</summary>
    ValueTask<SysResult> Poll(PollFd[]? fds, int timeoutMs, long count = -1);

    /// <summary>select(2), with a timeout of zero, or null for one that is negative.</summary>
    ValueTask<SysResult> Select(int nfds, FdSet? read, FdSet? write, FdSet? except, bool negativeTimeout = false);

    /// <summary>epoll_create1(2), moved as a pipe's ends are.</summary>
    ValueTask<int> Epoll(int from);

    /// <summary>epoll_ctl(2).</summary>
    ValueTask<SysResult> EpollCtl(int epfd, EpollOp op, int fd, EpollEvent? @event);

    /// <summary>epoll_wait(2), with a timeout of zero; null is a null pointer.</summary>
    ValueTask<SysResult> EpollWait(int epfd, EpollEvent[]? events, int maxEvents);
}
