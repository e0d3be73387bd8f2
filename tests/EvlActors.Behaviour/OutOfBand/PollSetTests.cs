using Xunit;

namespace EvlActors.Behaviour;

/// <summary>EVL poll sets.</summary>
public abstract class PollSetTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents In = PollEvents.In | PollEvents.RdNorm;

    [Fact, Trait("Case", "C182")]
    public Task Add_NoOobFile_Ebadf() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, _) = await Set(s);
        int closed = await t.DupAsync(1).OrThrow();
        await t.CloseAsync(closed).OrThrow();
        Assert.Equal(Errno.EBADF, (await oob.AddPollfdAsync(set, closed, In)).Errno);
        Assert.Equal(Errno.EBADF, (await oob.AddPollfdAsync(set, 1, In)).Errno);
        Assert.Equal(Errno.EBADF, (await oob.AddPollfdAsync(set, -1, In)).Errno);
    });

    [Fact, Trait("Case", "C183")]
    public Task Add_SameNumberTwice_EexistEvenIfAnotherFile() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, In).OrThrow();
        Assert.Equal(Errno.EEXIST, (await oob.AddPollfdAsync(set, fd, In)).Errno);
        int other = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await t.Dup2Async(other, fd).OrThrow();
        Assert.Equal(Errno.EEXIST, (await oob.AddPollfdAsync(set, fd, In)).Errno);
    });

    [Fact, Trait("Case", "C184"), Trait("Case", "C185")]
    public Task Add_SetThatLeadsBack_Eloop() => Play(async s =>
    {
        (UserThread t, UserThread oob, int p1, _) = await Set(s);
        Assert.Equal(Errno.ELOOP, (await oob.AddPollfdAsync(p1, p1, In)).Errno);
        int[] sets = [p1, 0, 0, 0, 0];
        for (int i = 1; i < sets.Length; i++)
        {
            sets[i] = await t.NewPollAsync().OrThrow();
            Assert.Equal(SysResult.Ok(), await oob.AddPollfdAsync(sets[i - 1], sets[i], In));
        }
        Assert.Equal(Errno.ELOOP, (await oob.AddPollfdAsync(sets[4], p1, In)).Errno);
    });

    [Fact]
    public Task Add_TooDeepFromTheBottom_EloopForLeafAtDepthFour() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int leaf) = await Set(s);
        int below = leaf;
        // leaf, then sets above it: the new item is depth 0, so its leaf may be at depth 3.
        for (int i = 0; i < 3; i++)
        {
            int above = await t.NewPollAsync().OrThrow();
            Assert.Equal(SysResult.Ok(), await oob.AddPollfdAsync(above, below, In));
            below = above;
        }
        Assert.Equal(SysResult.Ok(), await oob.AddPollfdAsync(set, below, In));
        int top = await t.NewPollAsync().OrThrow();
        Assert.Equal(Errno.ELOOP, (await oob.AddPollfdAsync(top, set, In)).Errno);
    });

    [Fact, Trait("Case", "C187")]
    public Task DelMod_NotInSet_EnoentAndClosedWorks() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        Assert.Equal(Errno.ENOENT, (await oob.DelPollfdAsync(set, fd)).Errno);
        Assert.Equal(Errno.ENOENT, (await oob.ModPollfdAsync(set, fd, In)).Errno);
        await oob.AddPollfdAsync(set, fd, In).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(SysResult.Ok(), await oob.ModPollfdAsync(set, fd, In));
        Assert.Equal(SysResult.Ok(), await oob.DelPollfdAsync(set, fd));
        Assert.Equal(Errno.EINVAL, (await oob.EvlPollAsync(set, new EvlPollEvent[1])).Errno);
    });

    [Fact, Trait("Case", "C188")]
    public Task Wait_CountZeroNegativeAndEmptySet_ZeroOrEinval() => Play(async s =>
    {
        (_, UserThread oob, int set, _) = await Set(s);
        Assert.Equal(SysResult.Ok(), await oob.EvlPollAsync(set, UserArray<EvlPollEvent>.Null));
        Assert.Equal(Errno.EINVAL, (await oob.EvlPollAsync(set, UserArray<EvlPollEvent>.Bad(-1))).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.EvlPollAsync(set, new EvlPollEvent[1])).Errno);
    });

    [Fact, Trait("Case", "C189")]
    public Task TimedWait_AbsoluteDate_TimesOutThenAndPastDateAtOnce() => Play(async s =>
    {
        (_, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        long date = s.Machine.Engine.MonotonicNs + 50_000_000;
        Assert.Equal(Errno.ETIMEDOUT, (await oob.EvlTimedPollAsync(set, found, date)).Errno);
        long now = s.Machine.Engine.MonotonicNs;
        Assert.True(now >= date);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.EvlTimedPollAsync(set, found, 100)).Errno);
    });

    [Fact, Trait("Case", "C191")]
    public Task Wait_NonBlockingSet_Eagain() => Play(async s =>
    {
        (UserThread t, UserThread oob, _, int fd) = await Set(s);
        int set = await t.NewPollAsync(OpenFlags.NonBlock).OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await oob.EvlPollAsync(set, new EvlPollEvent[1])).Errno);
    });

    [Fact, Trait("Case", "C192")]
    public Task Wait_MemberClosed_NvalThenEbadfUntilDeleted() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In, 5).OrThrow();
        var found = new EvlPollEvent[2];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(new EvlPollEvent(fd, PollEvents.Nval, 5), found[0]);
        Assert.Equal(Errno.EBADF, (await oob.EvlPollAsync(set, found)).Errno);
        await oob.DelPollfdAsync(set, fd).OrThrow();
        await t.Process.ExitAsync();
        s.AssertSound(everythingClosed: true);
    });

    [Fact, Trait("Case", "C194")]
    public Task Wait_MemberClosedBefore_EbadfUnlessEnoughAreReady() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        int ready = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        await oob.AddPollfdAsync(set, ready, PollEvents.Out).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        // The last added is looked at first, and no more than are wanted.
        Assert.Equal(1, (await oob.EvlPollAsync(set, new EvlPollEvent[1])).OrThrow());
        Assert.Equal(Errno.EBADF, (await oob.EvlPollAsync(set, new EvlPollEvent[2])).Errno);
    });

    [Fact, Trait("Case", "C196"), Trait("Case", "C073")]
    public Task Wait_NumberClosedOrReplacedThoughDupRemains_Nval() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        int dup = await t.DupAsync(fd).OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.Nval, found[0].Events);

        await t.Dup2Async(dup, fd).OrThrow();
        UserThread second = await s.OobThread(t.Process);
        polling = second.EvlPollAsync(set, found);
        await s.UntilAsleep(second);
        int other = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await t.Dup2Async(other, fd).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(new EvlPollEvent(fd, PollEvents.Nval, 0), found[0]);
        await t.WriteAsync(other, new byte[] { 9 }).OrThrow();
        byte[] bytes = new byte[1];
        Assert.Equal(1, (await oob.OobReadAsync(fd, bytes)).OrThrow());
        Assert.Equal(9, bytes[0]);
    });

    [Fact]
    public Task Wait_LastDescriptorClosed_ReleaseWaitsForThePollerToLeave() => Play(async s =>
    {
        var device = new ReadyDevice();
        s.Machine.AddDevice("/dev/ready", () => device);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await t.OpenAsync("/dev/ready").OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(1, device.Releases);
        long file = s.FileAt(fd);
        s.AssertOrder(
            e => e.Kind == MachineEventKind.ReleaseBegun && e.File == file,
            e => e.Kind == MachineEventKind.OobReferencePut && e.File == file && e.Count == 0,
            e => e.Kind == MachineEventKind.ReleaseDone && e.File == file);
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.Nval, found[0].Events);
    });

    [Fact, Trait("Case", "C199")]
    public Task Wait_SetClosed_Eidrm() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, new EvlPollEvent[1]);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(set));
        Assert.Equal(Errno.EIDRM, (await polling).Errno);
        Assert.Equal(Errno.EBADF, (await oob.EvlPollAsync(set, new EvlPollEvent[1])).Errno);
    });

    [Fact, Trait("Case", "C200")]
    public Task Wait_NestedSet_AlwaysReady() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, _) = await Set(s);
        int nested = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, nested, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        Assert.Equal(1, (await oob.EvlPollAsync(set, found)).OrThrow());
        Assert.Equal(PollEvents.In, found[0].Events);
        await oob.ModPollfdAsync(set, nested, PollEvents.Default).OrThrow();
        Assert.Equal(1, (await oob.EvlPollAsync(set, found)).OrThrow());
        Assert.Equal(PollEvents.Default, found[0].Events);
    });

    [Fact, Trait("Case", "C208")]
    public Task Calls_PlainThread_Eperm() => Play(async s =>
    {
        (UserThread t, _, int set, int fd) = await Set(s);
        Assert.Equal(Errno.EPERM, (await t.EvlPollAsync(set, new EvlPollEvent[1])).Errno);
        Assert.Equal(Errno.EPERM, (await t.AddPollfdAsync(set, fd, In)).Errno);
    });

    [Fact, Trait("Case", "C210")]
    public Task Wait_BadPointers_Efault() => Play(async s =>
    {
        (_, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.Out).OrThrow();
        Assert.Equal(Errno.EFAULT, (await oob.EvlPollAsync(set, UserArray<EvlPollEvent>.Bad(1))).Errno);
        Assert.Equal(Errno.EFAULT, (await oob.EvlTimedPollAsync(set, UserArray<EvlPollEvent>.Bad(-1), (EvlTimespec?)null)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.EvlTimedPollAsync(set, UserArray<EvlPollEvent>.Bad(-1), new EvlTimespec(1, 1_000_000_000))).Errno);
        Assert.Equal(Errno.EFAULT, (await oob.OobIoctlAsync(set, 0x40185000)).Errno);
        Assert.Equal(Errno.EFAULT, (await oob.OobIoctlAsync(set, 0xc0185001)).Errno);
    });

    [Fact]
    public Task Wait_Unblocked_Eintr() => Play(async s =>
    {
        (_, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, new EvlPollEvent[1]);
        await s.UntilAsleep(oob);
        oob.Unblock();
        Assert.Equal(Errno.EINTR, (await polling).Errno);
    });

    [Fact]
    public Task Signal_SeveralWaiters_AllAreWoken() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        UserThread second = await s.OobThread(t.Process, 20);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        ValueTask<SysResult> a = oob.EvlPollAsync(set, new EvlPollEvent[1]);
        ValueTask<SysResult> b = second.EvlPollAsync(set, new EvlPollEvent[1]);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(second);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await a).OrThrow());
        Assert.Equal(1, (await b).OrThrow());
    });

    [Fact]
    public Task Wait_WakeUpWithoutKeyAndNothingReady_SleepsOn() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/ready", () => new ReadyDevice());
        (UserThread t, UserThread oob, int set, _) = await Set(s);
        int fd = await t.OpenAsync("/dev/ready").OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, ReadyDevice.Wake, (long)PollEvents.Pri).OrThrow();
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.In, found[0].Events);
    });

    [Fact]
    public Task Wait_DeviceFails_ErrAndHup() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/ready", () => new ReadyDevice());
        (UserThread t, UserThread oob, int set, _) = await Set(s);
        int fd = await t.OpenAsync("/dev/ready").OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, ReadyDevice.Break).OrThrow();
        await t.PollAsync(new PollFd[] { new(fd, In) }, 0).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, found[0].Events);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact, Trait("Rule", "F-7"), Trait("Rule", "F-9")]
    public Task Fork_SharedSet_EachWaitLooksUpInItsCallersTable() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In, 7).OrThrow();
        int pid = await t.ForkAsync().OrThrow();
        UserThread childMain = s.Machine.GetProcess(pid)!.MainThread!;
        UserThread child = s.Machine.GetProcess(pid)!.CreateThread(SchedPolicy.Fifo, 40);
        await child.AttachAsync().OrThrow();
        var found = new EvlPollEvent[2];
        ValueTask<SysResult> polling = child.EvlPollAsync(set, found);
        await s.UntilAsleep(child);
        var parents = new EvlPollEvent[2];
        ValueTask<SysResult> parentsPolling = oob.EvlPollAsync(set, parents);
        await s.UntilAsleep(oob);
        // The number is closed in the child's table only.
        await childMain.CloseAsync(fd).OrThrow();
        Assert.Equal(1, (await polling).Value);
        Assert.Equal(new EvlPollEvent(fd, PollEvents.Nval, 7), found[0]);
        Assert.Equal(Errno.EBADF, (await child.EvlPollAsync(set, found)).Errno);
        Assert.False(parentsPolling.IsCompleted);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await parentsPolling).Value);
        Assert.Equal(new EvlPollEvent(fd, PollEvents.In, 7), parents[0]);
        // Deleted by one, gone for both.
        Assert.Equal(SysResult.Ok(), await child.DelPollfdAsync(set, fd));
        Assert.Equal(Errno.EINVAL, (await oob.EvlPollAsync(set, parents)).Errno);
    });

    [Fact, Trait("Rule", "F-7"), Trait("Rule", "F-8")]
    public Task Dup_OfASet_IsTheSetItself() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        int dup = await t.DupAsync(set).OrThrow();
        await oob.AddPollfdAsync(dup, fd, PollEvents.In, 7).OrThrow();
        Assert.Equal(Errno.EEXIST, (await oob.AddPollfdAsync(set, fd, PollEvents.In)).Errno);
        Assert.Equal(Errno.ELOOP, (await oob.AddPollfdAsync(set, dup, PollEvents.In)).Errno);
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        // One of two: the set lives, and so does the wait.
        await t.CloseAsync(set).OrThrow();
        Assert.False(polling.IsCompleted);
        await t.FcntlAsync(dup, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).Value);
        Assert.Equal(new EvlPollEvent(fd, PollEvents.In, 7), found[0]);
        await oob.OobReadAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await oob.EvlPollAsync(dup, found)).Errno);
    });

    [Theory, Trait("Rule", "F-9")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Wait_Signalled_EintrOrMadeAgainAsTheHandlerSays(bool restart) => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var ran = new TaskCompletionSource();
        await oob.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran.TrySetResult(), restart)).OrThrow();
        // Awaited: then its thread's handlers run.
        Task<SysResult> polling = oob.EvlPollAsync(set, new EvlPollEvent[1]).AsTask();
        await s.UntilAsleep(oob);
        await t.TkillAsync(oob.Tid, Signal.SIGUSR1).OrThrow();
        await ran.Task;
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(restart ? SysResult.Ok(1) : Errno.EINTR, await polling);
    });

    [Fact, Trait("Rule", "F-8")]
    public Task AddDelMod_WhileAThreadWaits_TheWaitIsAsItBegan() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        UserThread other = await s.OobThread(t.Process);
        int second = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In, 7).OrThrow();
        var found = new EvlPollEvent[2];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await other.ModPollfdAsync(set, fd, PollEvents.Pri, 8).OrThrow();
        await other.AddPollfdAsync(set, second, PollEvents.In, 9).OrThrow();
        await t.WriteAsync(second, new byte[1]).OrThrow();
        await other.DelPollfdAsync(set, fd).OrThrow();
        Assert.False(polling.IsCompleted);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).Value);
        Assert.Equal(new EvlPollEvent(fd, PollEvents.In, 7), found[0]);
        Assert.Equal(1, (await oob.EvlPollAsync(set, found)).Value);
        Assert.Equal(new EvlPollEvent(second, PollEvents.In, 9), found[0]);
    });

    [Fact, Trait("Rule", "F-9")]
    public Task TimedWait_DatesOfEveryKind_ByTheClockNotByADelay() => Play(async s =>
    {
        (UserThread t, UserThread oob, int set, int fd) = await Set(s);
        UserThread other = await s.OobThread(t.Process);
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        var found = new EvlPollEvent[1];
        Assert.Equal(Errno.ETIMEDOUT, (await oob.EvlTimedPollAsync(set, found, new EvlTimespec(0, 1))).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.EvlTimedPollAsync(set, found, new EvlTimespec(-1, 999_999_999))).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.EvlTimedPollAsync(set, found, new EvlTimespec(0, 1_000_000_000))).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.EvlTimedPollAsync(set, found, new EvlTimespec(0, -1))).Errno);
        ValueTask<SysResult> polling = oob.EvlTimedPollAsync(set, found, new EvlTimespec(long.MaxValue, 999_999_999));
        await s.UntilAsleep(oob);
        Assert.False(polling.IsCompleted);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).Value);
        // Ready: the date does not matter.
        Assert.Equal(1, (await other.EvlTimedPollAsync(set, found, new EvlTimespec(0, 1))).Value);
    });

    private static async Task<(UserThread Thread, UserThread Oob, int Set, int Xbuf)> Set(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int set = await t.NewPollAsync().OrThrow();
        return (t, oob, set, await t.CreateXbufAsync(null, 8, 8).OrThrow());
    }
}
