using Xunit;

namespace EvlActors.Behaviour.Posix;

/// <summary>
/// Rules that Linux itself can be asked about: the same script, with the same expectations, is played on the machine and, where
/// the host runs Linux, on the host's kernel. Numbers from 700 up are free on both sides when a script begins.
/// </summary>
public abstract class PosixTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int A = 700;
    private const uint Fioclex = 0x5451;
    private const uint Fionclex = 0x5450;
    private const uint Fionbio = 0x5421;
    private const uint Fioasync = 0x5452;
    private const PollEvents In = PollEvents.In;
    private const PollEvents Out = PollEvents.Out;

    // The host's numbers are one process's: one script at a time.
    private static readonly SemaphoreSlim _host = new(1);

    [Fact, Trait("Case", "C051"), Trait("Case", "C053")]
    public Task DupFd_FromAStart_LowestFreeOrEinval() => Agree(async p =>
    {
        (int r, _) = await p.Pipe(A);
        Assert.Equal(A + 2, await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow());
        await p.Close(A + 1).OrThrow();
        Assert.Equal(A + 1, await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow());
        Assert.Equal(A + 3, await p.Fcntl(r, FcntlCommand.DupFd, A + 1).OrThrow());
        Assert.Equal(Errno.EINVAL, (await p.Fcntl(r, FcntlCommand.DupFd, p.MaxFiles)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Fcntl(r, FcntlCommand.DupFd, -1)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Fcntl(A + 50, FcntlCommand.DupFd, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Fcntl(r, (FcntlCommand)999)).Errno);
    });

    [Fact, Trait("Case", "C054"), Trait("Case", "C055"), Trait("Case", "C056"), Trait("Case", "C063")]
    public Task Dup2_EveryRow_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        Assert.Equal(Errno.EBADF, (await p.Dup2(r, p.MaxFiles)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Dup2(r, -1)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Dup2(A + 50, w)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Dup2(A + 50, A + 50)).Errno);
        Assert.Equal(1, await p.Write(w, [7]).OrThrow());
        await p.Fcntl(r, FcntlCommand.SetFd, 1).OrThrow();
        Assert.Equal(r, await p.Dup2(r, r).OrThrow());
        Assert.Equal(1, await p.Fcntl(r, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(w, await p.Dup2(r, w).OrThrow());
        Assert.Equal(0, await p.Fcntl(w, FcntlCommand.GetFd).OrThrow());
        // What was the writing end reads now; the writing end is gone.
        byte[] one = new byte[1];
        Assert.Equal(1, await p.Read(w, one).OrThrow());
        Assert.Equal(7, one[0]);
        Assert.Equal(0, await p.Read(r, one).OrThrow());
        Assert.Equal(0, await p.Close(r).OrThrow());
        Assert.Equal(Errno.EBADF, (await p.Close(r)).Errno);
    });

    [Fact, Trait("Case", "C058"), Trait("Case", "C059"), Trait("Case", "C060")]
    public Task Dup3_EveryRow_AsTheTableSays() => Agree(async p =>
    {
        (int r, _) = await p.Pipe(A);
        Assert.Equal(Errno.EINVAL, (await p.Dup3(r, r, default)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Dup3(A + 50, A + 50, default)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Dup3(r, A + 10, OpenFlags.NonBlock)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Dup3(A + 50, A + 50, OpenFlags.NonBlock)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Dup3(A + 50, A + 51, default)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Dup3(r, p.MaxFiles, default)).Errno);
        Assert.Equal(A + 10, await p.Dup3(r, A + 10, OpenFlags.CloseOnExec).OrThrow());
        Assert.Equal(1, await p.Fcntl(A + 10, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.GetFd).OrThrow());
        int plain = await p.Fcntl(A + 10, FcntlCommand.DupFd, A).OrThrow();
        Assert.Equal(0, await p.Fcntl(plain, FcntlCommand.GetFd).OrThrow());
        int marked = await p.Fcntl(r, FcntlCommand.DupFdCloseOnExec, A).OrThrow();
        Assert.Equal(1, await p.Fcntl(marked, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(0, await p.Ioctl(r, Fioclex, null).OrThrow());
        Assert.Equal(1, await p.Fcntl(r, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(0, await p.Ioctl(r, Fionclex, null).OrThrow());
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.GetFd).OrThrow());
    });

    [Fact, Trait("Case", "C066"), Trait("Case", "C067"), Trait("Case", "C068")]
    public Task CloseRange_EveryRow_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        await p.Dup2(r, A + 5).OrThrow();
        Assert.Equal(Errno.EINVAL, (await p.CloseRange(A + 5, A + 4, default)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.CloseRange(A, A + 9, (CloseRangeFlags)1)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.CloseRange(A, A + 9, (CloseRangeFlags)8)).Errno);
        Assert.Equal(0, await p.CloseRange(A + 1, A + 9, CloseRangeFlags.CloseOnExec).OrThrow());
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(1, await p.Fcntl(w, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(1, await p.Fcntl(A + 5, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(0, await p.CloseRange(A + 1, A + 9, default).OrThrow());
        Assert.Equal(Errno.EBADF, (await p.Fcntl(w, FcntlCommand.GetFd)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Fcntl(A + 5, FcntlCommand.GetFd)).Errno);
        Assert.Equal(0, await p.Read(r, new byte[1]).OrThrow());
    });

    [Fact, Trait("Case", "C086"), Trait("Case", "C087"), Trait("Case", "C041")]
    public Task SetFl_ThroughADup_SharedAndMasked() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A, default);
        int dup = await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow();
        Assert.Equal(0, await p.Fcntl(dup, FcntlCommand.SetFl, (long)(OpenFlags.ReadWrite | OpenFlags.Truncate | OpenFlags.Create | OpenFlags.NonBlock)).OrThrow());
        Assert.Equal((long)OpenFlags.NonBlock, (await p.Fcntl(r, FcntlCommand.GetFl)).Value);
        Assert.Equal((long)OpenFlags.WriteOnly, (await p.Fcntl(w, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EAGAIN, (await p.Read(r, new byte[1])).Errno);
        Assert.Equal(0, await p.Ioctl(r, Fionbio, 0).OrThrow());
        Assert.Equal((long)OpenFlags.ReadOnly, (await p.Fcntl(dup, FcntlCommand.GetFl)).Value);
        Assert.Equal(0, await p.Ioctl(w, Fionbio, 1).OrThrow());
        Assert.Equal((long)(OpenFlags.WriteOnly | OpenFlags.NonBlock), (await p.Fcntl(w, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EFAULT, (await p.Ioctl(r, Fionbio, null)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Ioctl(A + 50, Fionbio, null)).Errno);
    });

    [Fact, Trait("Case", "C045")]
    public Task Path_EveryCall_EbadfExceptForTheNumber() => Agree(async p =>
    {
        int fd = await p.Open(A, "/dev", OpenFlags.Path);
        Assert.Equal(Errno.EBADF, (await p.Read(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EBADF, (await p.Write(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EBADF, (await p.Lseek(fd, 0, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Ioctl(fd, Fionbio, 1)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Fcntl(fd, FcntlCommand.SetFl, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Fsync(fd)).Errno);
        Assert.Equal(Errno.EBADF, await p.Mmap(fd, 4096, MapProtection.Read));
        Assert.Equal(A + 1, await p.Fcntl(fd, FcntlCommand.DupFdCloseOnExec, A).OrThrow());
        Assert.Equal(1, await p.Fcntl(A + 1, FcntlCommand.GetFd).OrThrow());
        Assert.Equal((long)OpenFlags.Path, (await p.Fcntl(fd, FcntlCommand.GetFl)).Value & (long)OpenFlags.Path);
    });

    [Fact, Trait("Case", "C046"), Trait("Case", "C252"), Trait("Case", "C253"), Trait("Case", "C273")]
    public Task Pipe_WhatItCannotDo_TestedInOrder() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        byte[] one = new byte[1];
        Assert.Equal(Errno.EBADF, (await p.Write(r, one)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Read(w, one)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Lseek(r, 0, 5)).Errno);
        Assert.Equal(Errno.ESPIPE, (await p.Lseek(r, 0, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Lseek(A + 50, 0, 5)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Pread(A + 50, one, -1)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Pread(A + 50, one, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await p.Pread(w, one, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await p.Pwrite(r, one, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Fsync(r)).Errno);
        Assert.Equal(Errno.EBADF, await p.Mmap(A + 50, 0, MapProtection.Read));
        Assert.Equal(Errno.EINVAL, await p.Mmap(r, 0, MapProtection.Read));
        Assert.Equal(Errno.ENODEV, await p.Mmap(r, 4096, MapProtection.Read));
        Assert.Equal(Errno.EACCES, await p.Mmap(r, 4096, MapProtection.Read | MapProtection.Write));
        Assert.Equal(Errno.EACCES, await p.Mmap(w, 4096, MapProtection.Read));
        Assert.Equal(Errno.EFAULT, (await p.Write(w, null)).Errno);
        Assert.Equal(Errno.EAGAIN, (await p.Read(r, null)).Errno);
        Assert.Equal(0, await p.Read(r, []).OrThrow());
        Assert.Equal(0, await p.Write(w, []).OrThrow());
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Pipe_CapacityAndAtomicity_AsTheKernels() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        Assert.Equal(65536, await p.Write(w, new byte[70_000]).OrThrow());
        Assert.Equal(Errno.EAGAIN, (await p.Write(w, [1])).Errno);
        Assert.Equal(65536, await p.Read(r, new byte[70_000]).OrThrow());
        Assert.Equal(Errno.EAGAIN, (await p.Read(r, new byte[1])).Errno);
        Assert.Equal(2, await p.Write(w, [1, 2]).OrThrow());
        await p.Close(w).OrThrow();
        byte[] read = new byte[8];
        Assert.Equal(2, await p.Read(r, read).OrThrow());
        Assert.Equal([1, 2], read[..2]);
        Assert.Equal(0, await p.Read(r, read).OrThrow());
    });

    [Fact, Trait("Case", "C152"), Trait("Case", "C153"), Trait("Case", "C155"), Trait("Case", "C156"), Trait("Case", "C158")]
    public Task Poll_Entries_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        PollFd[] fds = [new(-1, In) { Revents = (PollEvents)0xff }];
        Assert.Equal(0, await p.Poll(fds, 0).OrThrow());
        Assert.Equal(PollEvents.None, fds[0].Revents);
        fds = [new(A + 50, PollEvents.None), new(r, In) { Revents = In }, new(w, Out | PollEvents.WrNorm)];
        Assert.Equal(2, await p.Poll(fds, -1).OrThrow());
        Assert.Equal([PollEvents.Nval, PollEvents.None, Out | PollEvents.WrNorm], fds.Select(f => f.Revents));
        Assert.Equal([PollEvents.None, In, Out | PollEvents.WrNorm], fds.Select(f => f.Events));
        await p.Write(w, [1]).OrThrow();
        fds = [new(r, In | PollEvents.RdNorm | PollEvents.Pri)];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(1, await p.Poll(fds, 1000).OrThrow());
            Assert.Equal(In | PollEvents.RdNorm, fds[0].Revents);
        }
        Assert.Equal(0, await p.Poll([new(r, Out)], 0).OrThrow());
        Assert.Equal(Errno.EFAULT, (await p.Poll(null, 0, 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Poll([new(r, In)], 0, (long)p.MaxFiles + 1)).Errno);
        Assert.Equal(0, await p.Poll([], 1).OrThrow());
    });

    [Fact, Trait("Case", "C154"), Trait("Case", "C162")]
    public Task Poll_TheOtherEndClosed_HupOrErr() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        await p.Close(w).OrThrow();
        PollFd[] fds = [new(r, In | PollEvents.RdNorm)];
        Assert.Equal(1, await p.Poll(fds, 0).OrThrow());
        Assert.Equal(PollEvents.Hup, fds[0].Revents);
        var read = new FdSet(r);
        var except = new FdSet(r);
        Assert.Equal(1, await p.Select(r + 1, read, null, except).OrThrow());
        Assert.True(read.IsSet(r) && !except.IsSet(r));

        (r, w) = await p.Pipe(A + 10);
        await p.Write(w, [1]).OrThrow();
        await p.Close(w).OrThrow();
        fds = [new(r, In)];
        Assert.Equal(1, await p.Poll(fds, 0).OrThrow());
        Assert.Equal(In | PollEvents.Hup, fds[0].Revents);

        (r, w) = await p.Pipe(A + 20);
        await p.Close(r).OrThrow();
        fds = [new(w, Out)];
        Assert.Equal(1, await p.Poll(fds, 0).OrThrow());
        Assert.Equal(Out | PollEvents.Err, fds[0].Revents);
        var write = new FdSet(w);
        read = new FdSet(w);
        Assert.Equal(2, await p.Select(w + 1, read, write, null).OrThrow());
    });

    [Fact, Trait("Case", "C160"), Trait("Case", "C161")]
    public Task Select_EveryRow_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        Assert.Equal(Errno.EINVAL, (await p.Select(-1, null, null, null)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Select(A + 51, new FdSet(A + 50), null, null)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Select(0, null, null, null, negativeTimeout: true)).Errno);
        var read = new FdSet(r);
        Assert.Equal(0, await p.Select(r + 1, read, null, null).OrThrow());
        Assert.False(read.IsSet(r));
        // Bits at and above nfds are not looked at, whatever they name.
        Assert.Equal(0, await p.Select(r + 1, new FdSet(A + 50), null, null).OrThrow());
        await p.Write(w, [1]).OrThrow();
        read = new FdSet(r, w);
        var write = new FdSet(w);
        Assert.Equal(2, await p.Select(w + 1, read, write, null).OrThrow());
        Assert.True(read.IsSet(r) && !read.IsSet(w) && write.IsSet(w));
    });

    [Fact, Trait("Case", "C164"), Trait("Case", "C164a"), Trait("Case", "C176")]
    public Task EpollCtl_Errors_InTheOrderOfTheTable() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int ep = await p.Epoll(A), other = await p.Epoll(A), directory = await p.Open(A, "/dev", OpenFlags.ReadOnly);
        var e = new EpollEvent(In, 1);
        const int Bad = A + 50;
        Assert.Equal(Errno.EFAULT, (await p.EpollCtl(Bad, EpollOp.Add, r, null)).Errno);
        Assert.Equal(Errno.EFAULT, (await p.EpollCtl(ep, (EpollOp)77, r, null)).Errno);
        Assert.Equal(Errno.EBADF, (await p.EpollCtl(Bad, EpollOp.Add, r, e)).Errno);
        Assert.Equal(Errno.EBADF, (await p.EpollCtl(ep, EpollOp.Add, Bad, e)).Errno);
        Assert.Equal(Errno.EPERM, (await p.EpollCtl(ep, EpollOp.Add, directory, e)).Errno);
        Assert.Equal(Errno.EPERM, (await p.EpollCtl(r, EpollOp.Add, directory, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(r, EpollOp.Add, w, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, ep, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, (EpollOp)(-1), r, e)).Errno);
        Assert.Equal(Errno.ENOENT, (await p.EpollCtl(ep, EpollOp.Mod, r, e)).Errno);
        Assert.Equal(Errno.ENOENT, (await p.EpollCtl(ep, EpollOp.Del, r, null)).Errno);
        Assert.Equal(0, await p.EpollCtl(ep, EpollOp.Add, r, e).OrThrow());
        Assert.Equal(Errno.EEXIST, (await p.EpollCtl(ep, EpollOp.Add, r, e)).Errno);
        var exclusive = new EpollEvent(In | PollEvents.EpollExclusive, 2);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Mod, r, exclusive)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, other, exclusive)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, w, exclusive with { Events = exclusive.Events | PollEvents.EpollOneShot })).Errno);
        Assert.Equal(0, await p.EpollCtl(ep, EpollOp.Add, w, exclusive).OrThrow());
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Mod, w, e)).Errno);
    });

    [Fact, Trait("Case", "C180")]
    public Task EpollWait_BadArguments_Errno() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int ep = await p.Epoll(A);
        var one = new EpollEvent[1];
        Assert.Equal(Errno.EINVAL, (await p.EpollWait(ep, one, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollWait(ep, one, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollWait(r, one, 1)).Errno);
        Assert.Equal(Errno.EBADF, (await p.EpollWait(A + 50, one, 1)).Errno);
        Assert.Equal(0, await p.EpollWait(ep, one, 1).OrThrow());
        await p.EpollCtl(ep, EpollOp.Add, w, new EpollEvent(Out, 3)).OrThrow();
        Assert.Equal(Errno.EFAULT, (await p.EpollWait(ep, null, 1)).Errno);
        Assert.Equal(1, await p.EpollWait(ep, one, 1).OrThrow());
        Assert.Equal(new EpollEvent(Out, 3), one[0]);
    });

    [Fact, Trait("Case", "C165")]
    public Task Epoll_FdAndItsDup_TwoItemsUntilTheFileGoes() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int ep = await p.Epoll(A), dup = await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow();
        await p.EpollCtl(ep, EpollOp.Add, r, new EpollEvent(In, 1)).OrThrow();
        await p.EpollCtl(ep, EpollOp.Add, dup, new EpollEvent(In, 2)).OrThrow();
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([1, 2], await Ready(p, ep));
        // The registration is the file's: the closed number is reported still, and can't be taken out by its number.
        await p.Close(r).OrThrow();
        Assert.Equal([1, 2], await Ready(p, ep));
        Assert.Equal(Errno.EBADF, (await p.EpollCtl(ep, EpollOp.Del, r, null)).Errno);
        Assert.Equal(0, await p.EpollCtl(ep, EpollOp.Del, dup, null).OrThrow());
        Assert.Equal([1], await Ready(p, ep));
        // Its number under another file may be added beside it.
        Assert.Equal(r, await p.Dup2(w, r).OrThrow());
        await p.EpollCtl(ep, EpollOp.Add, r, new EpollEvent(Out, 3)).OrThrow();
        Assert.Equal([1, 3], await Ready(p, ep));
        await p.Close(dup).OrThrow();
        Assert.Equal([3], await Ready(p, ep));
    });

    [Fact, Trait("Case", "C169")]
    public Task Epoll_NestedAndCyclic_EloopAtTheSixth() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        var e = new EpollEvent(In, 0);
        int first = await p.Epoll(A), below = first;
        await p.EpollCtl(first, EpollOp.Add, r, e).OrThrow();
        for (int i = 2; i <= 5; i++)
        {
            int above = await p.Epoll(A);
            Assert.Equal(0, await p.EpollCtl(above, EpollOp.Add, below, e).OrThrow());
            below = above;
        }
        Assert.Equal(Errno.ELOOP, (await p.EpollCtl(await p.Epoll(A), EpollOp.Add, below, e)).Errno);
        Assert.Equal(Errno.ELOOP, (await p.EpollCtl(first, EpollOp.Add, below, e)).Errno);
        // Ready at the bottom is ready at the top, through poll(2) too.
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([0], await Ready(p, below));
        PollFd[] fds = [new(below, In)];
        Assert.Equal(1, await p.Poll(fds, 0).OrThrow());
        Assert.Equal(In, fds[0].Revents);
    });

    [Fact, Trait("Case", "C173"), Trait("Case", "C179")]
    public Task Epoll_Modes_LevelEdgeOneShotHup() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int level = await p.Epoll(A), edge = await p.Epoll(A), once = await p.Epoll(A), mute = await p.Epoll(A);
        await p.EpollCtl(level, EpollOp.Add, r, new EpollEvent(In, 1)).OrThrow();
        await p.EpollCtl(edge, EpollOp.Add, r, new EpollEvent(In | PollEvents.EpollEt, 2)).OrThrow();
        await p.EpollCtl(once, EpollOp.Add, r, new EpollEvent(In | PollEvents.EpollOneShot, 3)).OrThrow();
        await p.EpollCtl(mute, EpollOp.Add, r, new EpollEvent(PollEvents.None, 4)).OrThrow();
        await p.Write(w, [1, 2]).OrThrow();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal([1], await Ready(p, level));
            Assert.Equal(i == 0 ? [2] : [], await Ready(p, edge));
            Assert.Equal(i == 0 ? [3] : [], await Ready(p, once));
            Assert.Empty(await Ready(p, mute));
        }
        // A partial read does not arm the edge again, more data does; MOD evaluates at once and arms what was disabled.
        await p.Read(r, new byte[1]).OrThrow();
        Assert.Empty(await Ready(p, edge));
        await p.Write(w, [3]).OrThrow();
        Assert.Equal([2], await Ready(p, edge));
        Assert.Empty(await Ready(p, once));
        await p.EpollCtl(once, EpollOp.Mod, r, new EpollEvent(In | PollEvents.EpollOneShot, 5)).OrThrow();
        Assert.Equal([5], await Ready(p, once));
        await p.Close(w).OrThrow();
        Assert.Equal([4], await Ready(p, mute));
        Assert.Equal([2], await Ready(p, edge));
        Assert.Empty(await Ready(p, once));
        await p.Read(r, new byte[8]).OrThrow();
        Assert.Equal([1], await Ready(p, level));
    });

    [Fact, Trait("Rule", "F-6")]
    public Task Epoll_FewerAskedThanReady_TakesTurns() => Agree(async p =>
    {
        int ep = await p.Epoll(A);
        for (int i = 0; i < 3; i++)
        {
            (_, int w) = await p.Pipe(A);
            await p.EpollCtl(ep, EpollOp.Add, w, new EpollEvent(Out, i)).OrThrow();
        }
        List<long> seen = [];
        var one = new EpollEvent[1];
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(1, await p.EpollWait(ep, one, 1).OrThrow());
            seen.Add(one[0].Data);
        }
        Assert.Equal([0, 1, 2, 0, 1, 2], seen);
    });

    [Fact, Trait("Rule", "I-1")]
    public Task Owner_EveryRow_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        (int tid, int pid) = p.Self;
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.GetOwn).OrThrow());
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.GetSig).OrThrow());
        Assert.Equal((SysResult.Ok(), new FileOwner(FileOwnerType.Tid, 0)), await p.FcntlOwner(r, FcntlCommand.GetOwnEx, default));
        Assert.Equal(Errno.EINVAL, (await p.Fcntl(r, FcntlCommand.SetOwn, int.MinValue)).Errno);
        Assert.Equal(Errno.ESRCH, (await p.Fcntl(r, FcntlCommand.SetOwn, int.MaxValue)).Errno);
        Assert.Equal(Errno.ESRCH, (await p.Fcntl(r, FcntlCommand.SetOwn, -int.MaxValue)).Errno);
        Assert.Equal(Errno.EBADF, (await p.Fcntl(A + 50, FcntlCommand.SetOwn, int.MinValue)).Errno);
        Assert.Equal(Errno.EBADF, (await p.FcntlOwner(A + 50, FcntlCommand.SetOwnEx, new FileOwner((FileOwnerType)3, 0))).Result.Errno);
        foreach (FileOwnerType type in Enum.GetValues<FileOwnerType>())
        {
            Assert.Equal(Errno.ESRCH, (await p.FcntlOwner(r, FcntlCommand.SetOwnEx, new FileOwner(type, int.MaxValue))).Result.Errno);
            Assert.Equal(Errno.ESRCH, (await p.FcntlOwner(r, FcntlCommand.SetOwnEx, new FileOwner(type, -1))).Result.Errno);
        }
        Assert.Equal(Errno.EINVAL, (await p.FcntlOwner(r, FcntlCommand.SetOwnEx, new FileOwner((FileOwnerType)3, tid))).Result.Errno);
        Assert.Equal(Errno.EINVAL, (await p.FcntlOwner(r, FcntlCommand.SetOwnEx, new FileOwner((FileOwnerType)(-1), 0))).Result.Errno);
        await p.Fcntl(r, FcntlCommand.SetOwn, pid).OrThrow();
        int dup = await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow();
        Assert.Equal(pid, await p.Fcntl(dup, FcntlCommand.GetOwn).OrThrow());
        Assert.Equal(new FileOwner(FileOwnerType.Pid, pid), (await p.FcntlOwner(dup, FcntlCommand.GetOwnEx, default)).Owner);
        Assert.Equal(0, await p.Fcntl(w, FcntlCommand.GetOwn).OrThrow());
        Assert.True((await p.FcntlOwner(dup, FcntlCommand.SetOwnEx, new FileOwner(FileOwnerType.Tid, tid))).Result.IsSuccess);
        Assert.Equal(tid, await p.Fcntl(r, FcntlCommand.GetOwn).OrThrow());
        Assert.Equal(new FileOwner(FileOwnerType.Tid, tid), (await p.FcntlOwner(r, FcntlCommand.GetOwnEx, default)).Owner);
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.SetOwn, 0).OrThrow());
        Assert.Equal(new FileOwner(FileOwnerType.Pid, 0), (await p.FcntlOwner(r, FcntlCommand.GetOwnEx, default)).Owner);
        Assert.Equal(0, await p.Fcntl(r, FcntlCommand.SetSig, 64).OrThrow());
        foreach (long bad in (long[])[65, -1, int.MinValue])
            Assert.Equal(Errno.EINVAL, (await p.Fcntl(r, FcntlCommand.SetSig, bad)).Errno);
        Assert.Equal(64, await p.Fcntl(dup, FcntlCommand.GetSig).OrThrow());
    });

    [Fact, Trait("Rule", "I-2"), Trait("Rule", "I-4"), Trait("Rule", "I-5")]
    public Task Notification_OfAPipe_AsTheTablesSay() => Agree(async p =>
    {
        const Signal chosen = Signal.SIGRTMIN + 10, other = Signal.SIGRTMIN + 11;
        await p.Block(Signal.SIGIO, chosen, other);
        (int r, int w) = await p.Pipe(A);
        var me = new FileOwner(FileOwnerType.Tid, p.Self.Tid);
        var plain = new SigInfo(Signal.SIGIO, SigCode.Kernel);
        byte[] buffer = new byte[16];
        await p.FcntlOwner(r, FcntlCommand.SetOwnEx, me);
        // Not armed: nothing.
        await p.Write(w, [1]).OrThrow();
        Assert.Empty(await p.Take());
        await Arm(p, r);
        Assert.Equal(OpenFlags.Async, (OpenFlags)await p.Fcntl(r, FcntlCommand.GetFl).OrThrow() & OpenFlags.Async);
        // Plain SIGIO is not counted.
        await p.Write(w, [1]).OrThrow();
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([plain], await p.Take());
        await p.Fcntl(r, FcntlCommand.SetSig, (long)chosen).OrThrow();
        await p.Write(w, [1]).OrThrow();
        await p.Write(w, [1]).OrThrow();
        SigInfo bytes = Info(chosen, PollCode.In, r, 0x41);
        Assert.Equal([bytes, bytes], await p.Take());
        // Through a dup: the signal is the file's, the number the one that it was armed by, also when that is closed.
        int dup = await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow();
        await p.Fcntl(dup, FcntlCommand.SetSig, (long)other).OrThrow();
        await Arm(p, dup);
        Assert.Equal(0, await p.Ioctl(dup, Fioasync, 1).OrThrow());
        await p.Close(r).OrThrow();
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([Info(other, PollCode.In, r, 0x41)], await p.Take());
        // SIGIO that was chosen tells what happened, SIGIO that was not doesn't.
        await p.Fcntl(dup, FcntlCommand.SetSig, (long)Signal.SIGIO).OrThrow();
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([Info(Signal.SIGIO, PollCode.In, r, 0x41)], await p.Take());
        await p.Fcntl(dup, FcntlCommand.SetSig, 0).OrThrow();
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([plain], await p.Take());
        // Disarmed, and armed by another number.
        Assert.Equal(0, await p.Ioctl(dup, Fioasync, 0).OrThrow());
        Assert.Equal(default, (OpenFlags)await p.Fcntl(dup, FcntlCommand.GetFl).OrThrow() & OpenFlags.Async);
        await p.Write(w, [1]).OrThrow();
        Assert.Empty(await p.Take());
        await p.Fcntl(dup, FcntlCommand.SetSig, (long)chosen).OrThrow();
        Assert.Equal(0, await p.Ioctl(dup, Fioasync, 1).OrThrow());
        // The writer is told of room, the reader of the writer's end.
        await p.FcntlOwner(w, FcntlCommand.SetOwnEx, me);
        await p.Fcntl(w, FcntlCommand.SetSig, (long)other).OrThrow();
        await Arm(p, w);
        await p.Read(dup, buffer).OrThrow();
        Assert.Equal([Info(other, PollCode.Out, w, 0x304)], await p.Take());
        await p.Close(w).OrThrow();
        Assert.Equal([Info(chosen, PollCode.In, dup, 0x41)], await p.Take());
        await p.Close(dup).OrThrow();
        Assert.Empty(await p.Take());
    });

    [Fact, Trait("Rule", "I-4"), Trait("Rule", "I-6")]
    public Task Notification_ReaderCloses_WriterIsToldOfRoom() => Agree(async p =>
    {
        const Signal chosen = Signal.SIGRTMIN + 10;
        await p.Block(chosen);
        (int r, int w) = await p.Pipe(A);
        await p.FcntlOwner(w, FcntlCommand.SetOwnEx, new FileOwner(FileOwnerType.Tid, p.Self.Tid));
        await p.Fcntl(w, FcntlCommand.SetSig, (long)chosen).OrThrow();
        Assert.Equal(0, await p.Ioctl(w, Fioasync, 1).OrThrow());
        Assert.Equal(Errno.EFAULT, (await p.Ioctl(w, Fioasync, null)).Errno);
        // A dup is left: the end is not closed.
        int dup = await p.Fcntl(r, FcntlCommand.DupFd, A).OrThrow();
        await p.Close(r).OrThrow();
        Assert.Empty(await p.Take());
        await p.Close(dup).OrThrow();
        Assert.Equal([Info(chosen, PollCode.Out, w, 0x304)], await p.Take());
    });

    [Fact, Trait("Rule", "F-6")]
    public Task Epoll_OneShotEdgeAndMod_TogetherAsTheKernels() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int ep = await p.Epoll(A), outer = await p.Epoll(A);
        var both = new EpollEvent(In | PollEvents.EpollEt | PollEvents.EpollOneShot, 5);
        await p.EpollCtl(ep, EpollOp.Add, r, both).OrThrow();
        await p.EpollCtl(outer, EpollOp.Add, ep, new EpollEvent(In | PollEvents.EpollEt, 9)).OrThrow();
        Assert.Empty(await Ready(p, outer));
        await p.Write(w, [1]).OrThrow();
        Assert.Equal([9], await Ready(p, outer));
        Assert.Empty(await Ready(p, outer));
        Assert.Equal([5], await Ready(p, ep));
        await p.Write(w, [1]).OrThrow();
        Assert.Empty(await Ready(p, ep));
        Assert.Empty(await Ready(p, outer));
        // MOD asks anew, and the outer one hears of it.
        await p.EpollCtl(ep, EpollOp.Mod, r, both with { Data = 6 }).OrThrow();
        Assert.Equal([9], await Ready(p, outer));
        Assert.Equal([6], await Ready(p, ep));
        // Disabled: not even the end of the writer.
        await p.Close(w).OrThrow();
        Assert.Empty(await Ready(p, ep));
        await p.EpollCtl(ep, EpollOp.Mod, r, new EpollEvent(default, 7)).OrThrow();
        var found = new EpollEvent[2];
        Assert.Equal(1, await p.EpollWait(ep, found, 2).OrThrow());
        Assert.Equal(new EpollEvent(PollEvents.Hup, 7), found[0]);
        // Level-triggered now: again and again; with the events of an edge it is reported once more only.
        Assert.Equal([7], await Ready(p, ep));
        await p.EpollCtl(ep, EpollOp.Mod, r, new EpollEvent(PollEvents.EpollEt, 8)).OrThrow();
        Assert.Equal([8], await Ready(p, ep));
        Assert.Empty(await Ready(p, ep));
    });

    [Fact, Trait("Rule", "F-4")]
    public Task Epoll_WhatItIsNot_AsTheKernels() => Agree(async p =>
    {
        int ep = await p.Epoll(A);
        Assert.Equal(0, await p.Lseek(ep, 5, 0).OrThrow());
        Assert.Equal(0, await p.Lseek(ep, -5, 1).OrThrow());
        Assert.Equal(Errno.EINVAL, (await p.Lseek(ep, 0, 9)).Errno);
        Assert.Equal(Errno.ESPIPE, (await p.Pread(ep, new byte[1], 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await p.Pwrite(ep, new byte[1], 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Pread(ep, new byte[1], -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Read(ep, new byte[1])).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Write(ep, new byte[1])).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Fsync(ep)).Errno);
        Assert.Equal(OpenFlags.ReadWrite, (OpenFlags)await p.Fcntl(ep, FcntlCommand.GetFl).OrThrow());
        Assert.Equal(Errno.EINVAL, (await p.Fcntl(ep, FcntlCommand.SetFl, (long)OpenFlags.Direct)).Errno);
        Assert.Equal(0, await p.Fcntl(ep, FcntlCommand.SetFl, (long)OpenFlags.Async).OrThrow());
        Assert.Equal(OpenFlags.ReadWrite, (OpenFlags)await p.Fcntl(ep, FcntlCommand.GetFl).OrThrow());
        Assert.Equal(Errno.ENOTTY, (await p.Ioctl(ep, Fioasync, 1)).Errno);
        Assert.Equal(Errno.ENODEV, await p.Mmap(ep, 4096, MapProtection.Read));
    });

    [Fact, Trait("Rule", "F-4"), Trait("Rule", "F-6")]
    public Task Epoll_Exclusive_AsTheTableSays() => Agree(async p =>
    {
        (int r, int w) = await p.Pipe(A);
        int ep = await p.Epoll(A), second = await p.Epoll(A);
        var exclusive = new EpollEvent(In | PollEvents.EpollExclusive, 1);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, second, exclusive)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, r, exclusive with { Events = exclusive.Events | PollEvents.EpollOneShot })).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Add, r, exclusive with { Events = exclusive.Events | PollEvents.Pri })).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Mod, r, exclusive)).Errno);
        Assert.Equal(0, await p.EpollCtl(ep, EpollOp.Add, r, exclusive with { Events = exclusive.Events | PollEvents.EpollEt | PollEvents.EpollWakeup }).OrThrow());
        Assert.Equal(0, await p.EpollCtl(second, EpollOp.Add, r, exclusive with { Data = 2 }).OrThrow());
        Assert.Equal(Errno.EEXIST, (await p.EpollCtl(ep, EpollOp.Add, r, exclusive)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.EpollCtl(ep, EpollOp.Mod, r, new EpollEvent(In, 3))).Errno);
        Assert.Equal(Errno.ENOENT, (await p.EpollCtl(ep, EpollOp.Mod, w, new EpollEvent(In, 3))).Errno);
        await p.Write(w, [1]).OrThrow();
        // Nobody waits: both find it.
        Assert.Equal([1], await Ready(p, ep));
        Assert.Equal([2], await Ready(p, second));
        Assert.Equal(0, await p.EpollCtl(ep, EpollOp.Del, r, exclusive).OrThrow());
    });

    [Fact, Trait("Rule", "j")]
    public Task Positioned_BeyondTheLastPosition_Einval() => Agree(async p =>
    {
        int console = await p.Open(A, OperatingSystem.IsLinux() && p is HostPosix ? "/dev/null" : "/dev/console", OpenFlags.ReadWrite);
        Assert.Equal(Errno.EINVAL, (await p.Pread(console, new byte[10], long.MaxValue - 5)).Errno);
        Assert.Equal(Errno.EINVAL, (await p.Pwrite(console, new byte[10], long.MaxValue - 5)).Errno);
        Assert.NotEqual(Errno.EINVAL, (await p.Pread(console, new byte[5], long.MaxValue - 5)).Errno);
    });

    private static SigInfo Info(Signal signal, PollCode code, int fd, long band) => new(signal, (SigCode)code) { Fd = fd, Band = band };

    private static async Task Arm(IPosix p, int fd)
    {
        long flags = await p.Fcntl(fd, FcntlCommand.GetFl).OrThrow();
        Assert.Equal(0, await p.Fcntl(fd, FcntlCommand.SetFl, flags | (long)OpenFlags.Async).OrThrow());
    }

    private static async Task<IEnumerable<long>> Ready(IPosix p, int ep)
    {
        var events = new EpollEvent[8];
        int n = await p.EpollWait(ep, events, events.Length).OrThrow();
        return events[..n].Select(e => e.Data).Order();
    }

    private async Task Agree(Func<IPosix, Task> script)
    {
        await Play(s => script(new MachinePosix(s.Machine.CreateProcess().CreateThread())));
        if (!OperatingSystem.IsLinux())
            return;
        await _host.WaitAsync();
        try
        {
            using var host = new HostPosix();
            try
            {
                await script(host);
            }
            finally
            {
                _ = LibC.CloseRange(A, A + 100, 0);
            }
        }
        finally
        {
            _host.Release();
        }
    }
}
