using Xunit;

namespace EvlActors.Behaviour;

/// <summary>epoll.</summary>
public abstract class EpollTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents In = PollEvents.In | PollEvents.RdNorm;

    [Fact, Trait("Case", "C164")]
    public Task Ctl_BadArguments_Errno() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        var e = new EpollEvent(PollEvents.In, 1);
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(99, EpollOp.Add, fd, e)).Errno);
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(ep, EpollOp.Add, 99, e)).Errno);
        Assert.Equal(Errno.EPERM, (await t.EpollCtlAsync(ep, EpollOp.Add, 1, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, (EpollOp)(-1), fd, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, EpollOp.Add, ep, e)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.EpollCtlAsync(ep, EpollOp.Add, fd)).Errno);
        Assert.Equal(Errno.ENOENT, (await t.EpollCtlAsync(ep, EpollOp.Mod, fd, e)).Errno);
        Assert.Equal(Errno.ENOENT, (await t.EpollCtlAsync(ep, EpollOp.Del, fd, e)).Errno);
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Add, fd, e));
        Assert.Equal(Errno.EEXIST, (await t.EpollCtlAsync(ep, EpollOp.Add, fd, e)).Errno);
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Del, fd));
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Add, fd, e));
        Assert.Equal(Errno.EINVAL, (await t.EpollCreateAsync(0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCreate1Async(OpenFlags.NonBlock)).Errno);
        int closing = await t.EpollCreate1Async(OpenFlags.CloseOnExec).OrThrow();
        Assert.Equal(1, (await t.FcntlAsync(closing, FcntlCommand.GetFd)).OrThrow());
        int plain = await t.EpollCreateAsync(1).OrThrow();
        Assert.Equal(0, (await t.FcntlAsync(plain, FcntlCommand.GetFd)).OrThrow());
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(ep, new byte[1])).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(ep, 1)).Errno);
    });

    [Fact, Trait("Case", "C164a"), Trait("Case", "C039")]
    public Task Ctl_SeveralFaults_TestedInOrder() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        s.Machine.AddDevice("/dev/plain", () => new PlainDevice());
        int plain = await t.OpenAsync("/dev/plain").OrThrow();
        var e = new EpollEvent(PollEvents.In, 1);
        Assert.Equal(Errno.EFAULT, (await t.EpollCtlAsync(99, EpollOp.Add, fd)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.EpollCtlAsync(ep, (EpollOp)77, fd)).Errno);
        Assert.Equal(Errno.EPERM, (await t.EpollCtlAsync(fd, EpollOp.Add, plain, e)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(fd, EpollOp.Add, ep, e)).Errno);
        Assert.Equal(Errno.ENOENT, (await t.EpollCtlAsync(ep, EpollOp.Del, fd)).Errno);
    });

    [Fact, Trait("Case", "C165")]
    public Task Add_FdAndItsDup_BothReported() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        int dup = await t.DupAsync(fd).OrThrow();
        await Add(t, ep, fd, PollEvents.In, 1);
        await Add(t, ep, dup, PollEvents.In, 2);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal([1, 2], (await Now(t, ep)).Select(e => e.Data).Order());
    });

    [Fact, Trait("Case", "C169")]
    public Task Add_Cycles_EloopAndChainOfFiveAllowed() => Play(async s =>
    {
        (UserThread t, int e1, int fd) = await Epoll(s);
        var e = new EpollEvent(PollEvents.In, 0);
        await Add(t, e1, fd, PollEvents.In, 0);
        int below = e1;
        for (int i = 2; i <= 5; i++)
        {
            int above = await t.EpollCreate1Async().OrThrow();
            Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(above, EpollOp.Add, below, e));
            below = above;
        }
        int sixth = await t.EpollCreate1Async().OrThrow();
        Assert.Equal(Errno.ELOOP, (await t.EpollCtlAsync(sixth, EpollOp.Add, below, e)).Errno);
        Assert.Equal(Errno.ELOOP, (await t.EpollCtlAsync(e1, EpollOp.Add, below, e)).Errno);
    });

    [Fact]
    public Task Nested_InnerReady_OuterAndPollSeeItUntilItIsNot() => Play(async s =>
    {
        (UserThread t, int inner, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        int outer = await t.EpollCreate1Async().OrThrow();
        await Add(t, inner, fd, PollEvents.In, 1);
        await Add(t, outer, inner, PollEvents.In, 2);
        var found = new EpollEvent[1];
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(outer, found, -1);
        await s.UntilAsleep(waiter);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await waiting).OrThrow());
        Assert.Equal(new EpollEvent(PollEvents.In, 2), found[0]);
        PollFd[] fds = [new(inner, PollEvents.In), new(outer, PollEvents.In)];
        Assert.Equal(2, (await t.PollAsync(fds, 0)).OrThrow());
        // No longer ready, though it is on the list of what may be.
        await t.IoctlAsync(fd, ReadyDevice.Set, 0).OrThrow();
        Assert.Equal(0, (await t.PollAsync(fds, 0)).OrThrow());
        Assert.Empty(await Now(t, outer));
    });

    [Fact]
    public Task Level_ReadyFiles_ReportedEachTimeRoundRobin() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        int dup = await t.DupAsync(fd).OrThrow();
        int dup2 = await t.DupAsync(fd).OrThrow();
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        await Add(t, ep, fd, PollEvents.In, 1);
        await Add(t, ep, dup, PollEvents.In, 2);
        await Add(t, ep, dup2, PollEvents.In, 3);
        long[] order = new long[6];
        var one = new EpollEvent[1];
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(1, (await t.EpollWaitAsync(ep, one, -1)).OrThrow());
            order[i] = one[0].Data;
        }
        Assert.Equal([1, 2, 3, 1, 2, 3], order);
        await t.IoctlAsync(fd, ReadyDevice.Set, 0).OrThrow();
        Assert.Empty(await Now(t, ep));
    });

    [Fact]
    public Task Edge_ReadyFile_ReportedOncePerWakeUpAndAtMod() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        await Add(t, ep, fd, PollEvents.In | PollEvents.EpollEt, 1);
        Assert.Single(await Now(t, ep));
        Assert.Empty(await Now(t, ep));
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Single(await Now(t, ep));
        Assert.Empty(await Now(t, ep));
        await t.EpollCtlAsync(ep, EpollOp.Mod, fd, new EpollEvent(PollEvents.In | PollEvents.EpollEt, 9)).OrThrow();
        Assert.Equal(9, Assert.Single(await Now(t, ep)).Data);
        Assert.Empty(await Now(t, ep));
    });

    [Fact, Trait("Case", "C173")]
    public Task OneShot_TwoEpolls_EachReportsOnceErrAndHupIncluded() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        int ep2 = await t.EpollCreate1Async().OrThrow();
        await Add(t, ep, fd, PollEvents.In | PollEvents.EpollOneShot, 1);
        await Add(t, ep2, fd, PollEvents.In | PollEvents.EpollOneShot, 2);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Single(await Now(t, ep));
        Assert.Single(await Now(t, ep2));
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)(In | PollEvents.Hup | PollEvents.Err)).OrThrow();
        Assert.Empty(await Now(t, ep));
        Assert.Empty(await Now(t, ep2));
        await t.EpollCtlAsync(ep, EpollOp.Mod, fd, new EpollEvent(PollEvents.In | PollEvents.EpollOneShot, 3)).OrThrow();
        Assert.Equal(new EpollEvent(PollEvents.In | PollEvents.Hup | PollEvents.Err, 3), Assert.Single(await Now(t, ep)));
        Assert.Empty(await Now(t, ep));
    });

    [Theory, Trait("Case", "C175")]
    [InlineData(true)]
    [InlineData(false)]
    public Task Exclusive_ThreeEpollsWithWaiters_OneIsWokenElseAll(bool exclusive) => Play(async s =>
    {
        (UserThread t, _, int fd) = await Epoll(s);
        PollEvents events = PollEvents.In | (exclusive ? PollEvents.EpollExclusive : 0);
        var waits = new List<Task<SysResult>>();
        var waiters = new List<UserThread>();
        for (int i = 0; i < 3; i++)
        {
            int ep = await t.EpollCreate1Async().OrThrow();
            await Add(t, ep, fd, events, i);
            if (i == 0)
                continue; // nobody waits there and it is told first: the wake-up is passed on
            waiters.Add(t.Process.CreateThread());
            waits.Add(waiters[^1].EpollWaitAsync(ep, new EpollEvent[1], -1).AsTask());
            await s.UntilAsleep(waiters[^1]);
        }
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        if (!exclusive)
        {
            Assert.All(await Task.WhenAll(waits), r => Assert.Equal(1, r.OrThrow()));
            return;
        }
        Task<SysResult> first = await Task.WhenAny(waits);
        Assert.Equal(1, (await first).OrThrow());
        Task<SysResult> other = Assert.Single(waits, task => task != first);
        Assert.False(other.IsCompleted);
        waiters[waits.IndexOf(other)].Unblock();
        Assert.Equal(Errno.EINTR, (await other).Errno);
    });

    [Fact, Trait("Case", "C176")]
    public Task Exclusive_WhereNotAllowed_Einval() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        int other = await t.EpollCreate1Async().OrThrow();
        var exclusive = new EpollEvent(PollEvents.In | PollEvents.EpollExclusive, 0);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, EpollOp.Add, fd, exclusive with { Events = exclusive.Events | PollEvents.EpollOneShot })).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, EpollOp.Add, other, exclusive)).Errno);
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Add, fd, exclusive));
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, EpollOp.Mod, fd, exclusive)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollCtlAsync(ep, EpollOp.Mod, fd, new EpollEvent(PollEvents.In, 0))).Errno);
    });

    [Fact]
    public Task EventsZero_HupAndErr_Reported() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        await Add(t, ep, fd, PollEvents.None, 4);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)(In | PollEvents.Hup)).OrThrow();
        Assert.Equal(new EpollEvent(PollEvents.Hup, 4), Assert.Single(await Now(t, ep)));
    });

    [Fact, Trait("Case", "C179")]
    public Task EventsZero_WriterOfPipeCloses_Hup() => Play(async s =>
    {
        (UserThread t, int ep, _) = await Epoll(s);
        int[] pipe = new int[2];
        await t.Pipe2Async(pipe).OrThrow();
        await Add(t, ep, pipe[0], PollEvents.None, 4);
        await t.WriteAsync(pipe[1], new byte[1]).OrThrow();
        Assert.Empty(await Now(t, ep));
        await t.CloseAsync(pipe[1]).OrThrow();
        Assert.Equal(new EpollEvent(PollEvents.Hup, 4), Assert.Single(await Now(t, ep)));
    });

    [Fact]
    public Task Edge_PartialReadOfPipe_NotReportedAgain() => Play(async s =>
    {
        (UserThread t, int ep, _) = await Epoll(s);
        int[] pipe = new int[2];
        await t.Pipe2Async(pipe).OrThrow();
        await Add(t, ep, pipe[0], PollEvents.In | PollEvents.EpollEt, 4);
        await t.WriteAsync(pipe[1], new byte[4]).OrThrow();
        Assert.Single(await Now(t, ep));
        await t.ReadAsync(pipe[0], new byte[1]).OrThrow();
        Assert.Empty(await Now(t, ep));
        await t.WriteAsync(pipe[1], new byte[1]).OrThrow();
        Assert.Single(await Now(t, ep));
    });

    [Fact, Trait("Case", "C180")]
    public Task Wait_BadArgumentsAndInterrupt_Errno() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        Assert.Equal(Errno.EINVAL, (await t.EpollWaitAsync(ep, UserArray<EpollEvent>.Null, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollWaitAsync(ep, UserArray<EpollEvent>.Bad(-1), 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EpollWaitAsync(fd, new EpollEvent[1], 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.EpollWaitAsync(99, new EpollEvent[1], 0)).Errno);
        ValueTask<SysResult> waiting = t.EpollWaitAsync(ep, new EpollEvent[1], -1);
        await s.UntilAsleep(t);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await waiting).Errno);
        long before = s.Machine.Engine.MonotonicNs;
        Assert.Equal(0, (await t.EpollWaitAsync(ep, new EpollEvent[1], 30)).OrThrow());
        Assert.True(s.Machine.Engine.MonotonicNs - before >= 30_000_000);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        await Add(t, ep, fd, PollEvents.In | PollEvents.EpollEt, 0);
        Assert.Equal(Errno.EFAULT, (await t.EpollWaitAsync(ep, UserArray<EpollEvent>.Bad(1), -1)).Errno);
        Assert.Single(await Now(t, ep));
    });

    [Fact]
    public Task AddAndMod_ReadyFile_WakeAWaitingThread() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(ep, new EpollEvent[1], -1);
        await s.UntilAsleep(waiter);
        await Add(t, ep, fd, PollEvents.In | PollEvents.EpollOneShot, 0);
        Assert.Equal(1, (await waiting).OrThrow());
        UserThread second = t.Process.CreateThread();
        waiting = second.EpollWaitAsync(ep, new EpollEvent[1], -1);
        await s.UntilAsleep(second);
        await t.EpollCtlAsync(ep, EpollOp.Mod, fd, new EpollEvent(PollEvents.In, 0)).OrThrow();
        Assert.Equal(1, (await waiting).OrThrow());
    });

    [Fact]
    public Task OneEvent_TwoWaitersOnOneEpoll_EdgeWakesOne() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread[] waiters = [t.Process.CreateThread(), t.Process.CreateThread()];
        await Add(t, ep, fd, PollEvents.In | PollEvents.EpollEt, 0);
        Task<SysResult> first = waiters[0].EpollWaitAsync(ep, new EpollEvent[1], -1).AsTask();
        await s.UntilAsleep(waiters[0]);
        Task<SysResult> second = waiters[1].EpollWaitAsync(ep, new EpollEvent[1], -1).AsTask();
        await s.UntilAsleep(waiters[1]);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await first).OrThrow());
        Assert.False(second.IsCompleted);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await second).OrThrow());
    });

    [Fact]
    public Task Close_DupLeft_StillReportedAndNotRemovableByItsNumber() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        int dup = await t.DupAsync(fd).OrThrow();
        await Add(t, ep, fd, PollEvents.In, 5);
        await t.CloseAsync(fd).OrThrow();
        await t.IoctlAsync(dup, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(5, Assert.Single(await Now(t, ep)).Data);
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(ep, EpollOp.Del, fd)).Errno);
        // The number again, for another file.
        Assert.Equal(fd, await t.OpenAsync("/dev/ready").OrThrow());
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Add, fd, new EpollEvent(PollEvents.In, 6)));
        Assert.Equal([5, 6], (await Now(t, ep)).Select(e => e.Data).Order());
    });

    [Fact]
    public Task Close_LastDescriptor_RegistrationEndsSilently() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        await Add(t, ep, fd, PollEvents.In, 5);
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(ep, new EpollEvent[1], -1);
        await s.UntilAsleep(waiter);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        fd = await t.OpenAsync("/dev/ready").OrThrow();
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.False(waiting.IsCompleted);
        await Add(t, ep, fd, PollEvents.In, 7);
        Assert.Equal(1, (await waiting).OrThrow());
        await t.Process.ExitAsync();
        s.AssertSound(everythingClosed: true);
    });

    [Fact]
    public Task DeviceFails_WaiterGetsErrHup() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        await Add(t, ep, fd, PollEvents.In, 5);
        var found = new EpollEvent[1];
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(ep, found, -1);
        await s.UntilAsleep(waiter);
        await t.IoctlAsync(fd, ReadyDevice.Break).OrThrow();
        await t.PollAsync(new PollFd[] { new(fd, In) }, 0).OrThrow();
        Assert.Equal(1, (await waiting).OrThrow());
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, found[0].Events);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Empty(await Now(t, ep));
    });

    [Fact, Trait("Rule", "F-4")]
    public Task Add_MoreThanTheUserMayWatch_EnospcUntilOneIsGone() => Play(
        async s =>
        {
            (UserThread t, int ep, int fd) = await Epoll(s);
            int dup = await t.DupAsync(fd).OrThrow();
            int second = await t.EpollCreate1Async().OrThrow();
            var e = new EpollEvent(PollEvents.In, 0);
            await Add(t, ep, fd, PollEvents.In, 0);
            await Add(t, second, fd, PollEvents.In, 0);
            Assert.Equal(Errno.ENOSPC, (await t.EpollCtlAsync(ep, EpollOp.Add, dup, e)).Errno);
            // What is wrong with the request itself comes first; what is registered can be changed.
            Assert.Equal(Errno.EEXIST, (await t.EpollCtlAsync(ep, EpollOp.Add, fd, e)).Errno);
            Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(ep, EpollOp.Mod, fd, e));
            // Another user has a share of its own; whoever adds, who made the epoll is charged.
            UserThread user = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(5, 5) }).CreateThread();
            int users = await user.EpollCreate1Async().OrThrow();
            int usersFd = await user.OpenAsync("/dev/ready").OrThrow();
            await Add(user, users, usersFd, PollEvents.In, 0);
            Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(second, EpollOp.Del, fd));
            await Add(t, ep, dup, PollEvents.In, 0);
            // An epoll that is closed, and a file that is, give theirs back.
            await t.CloseAsync(ep).OrThrow();
            await Add(t, second, fd, PollEvents.In, 0);
            await Add(t, second, dup, PollEvents.In, 0);
            await t.CloseAsync(fd).OrThrow();
            await t.CloseAsync(dup).OrThrow();
            fd = await t.OpenAsync("/dev/ready").OrThrow();
            dup = await t.DupAsync(fd).OrThrow();
            await Add(t, second, fd, PollEvents.In, 0);
            await Add(t, second, dup, PollEvents.In, 0);
        },
        new EvlMachineOptions { MaxEpollWatches = 2 });

    [Fact]
    public void Machine_NegativeEpollWatches_Refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvlMachine(new EvlMachineOptions { MaxEpollWatches = -1 }));

    [Fact, Trait("Rule", "F-5"), Trait("Rule", "F-6")]
    public Task Wait_EpollClosedOrReplacedMeanwhile_StillReports() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        await Add(t, ep, fd, PollEvents.In, 3);
        var found = new EpollEvent[1];
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(ep, found, -1);
        await s.UntilAsleep(waiter);
        await t.Dup2Async(fd, ep).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.EpollWaitAsync(ep, new EpollEvent[1], 0)).Errno);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await waiting).Value);
        Assert.Equal(new EpollEvent(PollEvents.In, 3), found[0]);
    });

    [Fact, Trait("Rule", "F-5")]
    public Task Fork_Epoll_SharedAndItsItemsStayTheParents() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        await Add(t, ep, fd, PollEvents.In, 3);
        int pid = await t.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        // The parent's descriptor goes; the child's keeps the file, so the item stays.
        await t.CloseAsync(fd).OrThrow();
        await child.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        await child.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal([new EpollEvent(PollEvents.In, 3)], await Now(t, ep));
        Assert.Equal([new EpollEvent(PollEvents.In, 3)], await Now(child, ep));
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(ep, EpollOp.Del, fd)).Errno);
        Assert.Equal(SysResult.Ok(), await child.EpollCtlAsync(ep, EpollOp.Del, fd));
        Assert.Empty(await Now(t, ep));
    });

    [Fact, Trait("Rule", "F-6")]
    public Task Mod_WhileAThreadWaits_ChangesWhatItWaitsFor() => Play(async s =>
    {
        (UserThread t, int ep, int fd) = await Epoll(s);
        UserThread waiter = t.Process.CreateThread();
        await Add(t, ep, fd, PollEvents.In, 3);
        var found = new EpollEvent[1];
        ValueTask<SysResult> waiting = waiter.EpollWaitAsync(ep, found, -1);
        await s.UntilAsleep(waiter);
        await t.EpollCtlAsync(ep, EpollOp.Mod, fd, new EpollEvent(PollEvents.Out, 4)).OrThrow();
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.False(waiting.IsCompleted);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)(PollEvents.Out | PollEvents.WrNorm)).OrThrow();
        Assert.Equal(1, (await waiting).Value);
        Assert.Equal(new EpollEvent(PollEvents.Out, 4), found[0]);
    });

    private static async Task Add(UserThread t, int ep, int fd, PollEvents events, long data) =>
        await t.EpollCtlAsync(ep, EpollOp.Add, fd, new EpollEvent(events, data)).OrThrow();

    private static async Task<EpollEvent[]> Now(UserThread t, int ep)
    {
        var found = new EpollEvent[8];
        return found[..(await t.EpollWaitAsync(ep, found, 0)).OrThrow()];
    }

    private static async Task<(UserThread Thread, int Epoll, int Fd)> Epoll(Scenario s)
    {
        s.Machine.AddDevice("/dev/ready", () => new ReadyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/ready").OrThrow();
        return (t, await t.EpollCreate1Async().OrThrow(), fd);
    }
}
