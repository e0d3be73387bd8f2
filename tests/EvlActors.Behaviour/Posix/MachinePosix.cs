namespace EvlActors.Behaviour.Posix;

/// <summary>The calls of a thread of the machine.</summary>
internal sealed class MachinePosix(UserThread thread) : IPosix
{
    private readonly List<SigInfo> _taken = [];
    private SigSet _blocked;

    public int MaxFiles => 1024;

    public async ValueTask<(int Read, int Write)> Pipe(int from, OpenFlags flags)
    {
        int[] ends = new int[2];
        await thread.Pipe2Async(ends, flags).OrThrow();
        return (await Move(ends[0], from), await Move(ends[1], from));
    }

    public async ValueTask<int> Open(int from, string path, OpenFlags flags) =>
        await Move(await thread.OpenAsync(path, flags).OrThrow(), from);

    public ValueTask<SysResult> Close(int fd) => thread.CloseAsync(fd);

    public ValueTask<SysResult> CloseRange(uint first, uint last, CloseRangeFlags flags) => thread.CloseRangeAsync(first, last, flags);

    public ValueTask<SysResult> Read(int fd, byte[]? buffer) => thread.ReadAsync(fd, buffer ?? UserBuffer.Bad(1));

    public ValueTask<SysResult> Write(int fd, byte[]? bytes) => thread.WriteAsync(fd, bytes ?? UserBuffer.Bad(1));

    public ValueTask<SysResult> Pread(int fd, byte[] buffer, long offset) => thread.PreadAsync(fd, buffer, offset);

    public ValueTask<SysResult> Pwrite(int fd, byte[] bytes, long offset) => thread.PwriteAsync(fd, bytes, offset);

    public ValueTask<SysResult> Lseek(int fd, long offset, int whence) => thread.LseekAsync(fd, offset, (Whence)whence);

    public ValueTask<SysResult> Fsync(int fd) => thread.FsyncAsync(fd);

    public ValueTask<SysResult> Dup2(int oldFd, int newFd) => thread.Dup2Async(oldFd, newFd);

    public ValueTask<SysResult> Dup3(int oldFd, int newFd, OpenFlags flags) => thread.Dup3Async(oldFd, newFd, flags);

    public ValueTask<SysResult> Fcntl(int fd, FcntlCommand command, long argument) => thread.FcntlAsync(fd, command, argument);

    public (int Tid, int Pid) Self => (thread.Tid, thread.Process.Pid);

    public async ValueTask<(SysResult Result, FileOwner Owner)> FcntlOwner(int fd, FcntlCommand command, FileOwner owner)
    {
        byte[] data = new byte[FileOwner.Bytes];
        owner.WriteTo(data);
        SysResult result = await thread.FcntlAsync(fd, command, (UserBuffer)data);
        return (result, FileOwner.ReadFrom(data));
    }

    public async ValueTask Block(params Signal[] signals)
    {
        await thread.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(signals));
        foreach (Signal signal in signals)
            await thread.SigactionAsync(signal, SigAction.Handle(_taken.Add)).OrThrow();
        _blocked = new SigSet(_blocked.Bits | SigSet.Of(signals).Bits);
    }

    public async ValueTask<IReadOnlyList<SigInfo>> Take()
    {
        _taken.Clear();
        await thread.SigprocmaskAsync(SigMaskHow.Unblock, _blocked);
        // Those of one number that wait behind another come with the calls that follow.
        for (int i = 0; i < 8; i++)
            await thread.GetpidAsync();
        await thread.SigprocmaskAsync(SigMaskHow.Block, _blocked);
        return [.. _taken.OrderBy(info => info.Number)];
    }

    public ValueTask<SysResult> Ioctl(int fd, uint command, int? argument) =>
        thread.IoctlAsync(fd, command, argument is int value ? BitConverter.GetBytes(value) : UserBuffer.Bad(4));

    public async ValueTask<Errno> Mmap(int fd, int length, MapProtection protection) =>
        (await thread.MmapAsync(fd, length, protection)).Errno;

    public ValueTask<SysResult> Poll(PollFd[]? fds, int timeoutMs, long count) =>
        thread.PollAsync(fds is null ? UserArray<PollFd>.Bad(count) : count < 0 ? fds : new UserArray<PollFd>(fds, count), timeoutMs);

    public ValueTask<SysResult> Select(int nfds, FdSet? read, FdSet? write, FdSet? except, bool negativeTimeout) =>
        thread.SelectAsync(nfds, read, write, except, new Timeval(negativeTimeout ? -1 : 0, 0));

    public async ValueTask<int> Epoll(int from) => await Move(await thread.EpollCreate1Async().OrThrow(), from);

    public ValueTask<SysResult> EpollCtl(int epfd, EpollOp op, int fd, EpollEvent? @event) => thread.EpollCtlAsync(epfd, op, fd, @event);

    public ValueTask<SysResult> EpollWait(int epfd, EpollEvent[]? events, int maxEvents) =>
        thread.EpollWaitAsync(epfd, events is null ? UserArray<EpollEvent>.Bad(maxEvents) : new UserArray<EpollEvent>(events, maxEvents), 0);

    private async ValueTask<int> Move(int fd, int from)
    {
        int moved = await thread.FcntlAsync(fd, FcntlCommand.DupFd, from).OrThrow();
        await thread.CloseAsync(fd).OrThrow();
        return moved;
    }
}
