using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Event flags as applications use them: elements behind a descriptor.</summary>
public abstract class FlagsTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Writable = PollEvents.Out | PollEvents.WrNorm;

    [Fact, Trait("Case", "C220"), Trait("Rule", "G-5")]
    public Task Post_TwiceBeforeAWait_OneWaitPasses() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        await t.PostFlagsAsync(flags, 1).OrThrow();
        await t.PostFlagsAsync(flags, 1).OrThrow();
        Assert.Equal(1, await oob.WaitFlagsAsync(flags));
        ValueTask<SysResult> second = oob.WaitFlagsAsync(flags);
        await s.UntilAsleep(oob);
        await t.PostFlagsAsync(flags, 2).OrThrow();
        Assert.Equal(2, await second);
        Assert.Equal(0, await t.PeekFlagsAsync(flags));
    });

    [Fact, Trait("Case", "C221"), Trait("Rule", "G-5")]
    public Task Post_ThreeWaiters_TheMostUrgentTakesIt_BroadcastServesAll() => Play(async s =>
    {
        (UserThread t, UserThread middle, int flags) = await Start(s);
        UserThread low = await s.OobThread(t.Process, 20);
        UserThread high = await s.OobThread(t.Process, 80);
        ValueTask<SysResult> first = low.WaitFlagsAsync(flags);
        ValueTask<SysResult> second = middle.WaitSomeFlagsAsync(flags, 6);
        ValueTask<SysResult> third = high.WaitFlagsAsync(flags);
        foreach (UserThread sleeper in new[] { low, middle, high })
            await s.UntilAsleep(sleeper);
        await t.PostFlagsAsync(flags, 3).OrThrow();
        Assert.Equal(3, await third);
        Assert.Equal(0, await t.PeekFlagsAsync(flags));
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        await t.BroadcastFlagsAsync(flags, 5).OrThrow();
        Assert.Equal(5, await first);
        Assert.Equal(4, await second);
        Assert.Equal(0, await t.PeekFlagsAsync(flags));
    });

    [Fact]
    public Task WaitExact_BitsOneByOne_WhenAllAreThereAndTheOthersStay() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        ValueTask<SysResult> exact = oob.WaitExactFlagsAsync(flags, 3);
        await s.UntilAsleep(oob);
        await t.PostFlagsAsync(flags, 5).OrThrow();
        Assert.False(exact.IsCompleted);
        Assert.Equal(5, await t.PeekFlagsAsync(flags));
        await t.PostFlagsAsync(flags, 2).OrThrow();
        Assert.Equal(3, await exact);
        Assert.Equal(4, await t.PeekFlagsAsync(flags));
    });

    [Fact]
    public Task Post_FirstWaiterWantsOthers_TheNextIsServed() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        UserThread high = await s.OobThread(t.Process, 80);
        ValueTask<SysResult> first = high.WaitSomeFlagsAsync(flags, 1);
        ValueTask<SysResult> second = oob.WaitSomeFlagsAsync(flags, 2);
        await s.UntilAsleep(high);
        await s.UntilAsleep(oob);
        await t.PostFlagsAsync(flags, 2).OrThrow();
        Assert.Equal(2, await second);
        Assert.False(first.IsCompleted);
        await t.PostFlagsAsync(flags, 3).OrThrow();
        Assert.Equal(1, await first);
        Assert.Equal(2, await t.PeekFlagsAsync(flags));
    });

    [Fact]
    public Task TryWait_SomeExactAny_TakesOrEagain() => Play(async s =>
    {
        (UserThread t, UserThread oob, _) = await Start(s);
        int flags = await t.CreateFlagsAsync(null, int.MinValue | 7).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.TryWaitExactFlagsAsync(flags, 9)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.TryWaitExactFlagsAsync(flags, 0)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.TryWaitSomeFlagsAsync(flags, 8)).Errno);
        Assert.Equal(1, await t.TryWaitSomeFlagsAsync(flags, 9));
        Assert.Equal(2, await oob.TryWaitExactFlagsAsync(flags, 2));
        Assert.False(oob.IsInband);
        Assert.Equal(int.MinValue | 4, (await t.TryWaitFlagsAsync(flags)).OrThrow());
        Assert.Equal(Errno.EAGAIN, (await t.TryWaitFlagsAsync(flags)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.TryWaitSomeFlagsAsync(flags, 0)).Errno);
        await t.PostFlagsAsync(flags, -1).OrThrow();
        Assert.Equal(-1, (await oob.WaitExactFlagsAsync(flags, 0)).OrThrow());
    });

    [Fact, Trait("Rule", "A-7")]
    public Task TimedWait_NobodyPosts_Etimedout() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        long now = s.Machine.Engine.MonotonicNs;
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedWaitFlagsAsync(flags, now + 1_000_000)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedWaitSomeFlagsAsync(flags, 1, EvlTimespec.FromNs(now))).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.TimedWaitExactFlagsAsync(flags, 1, -5)).Errno);
        await t.PostFlagsAsync(flags, 6).OrThrow();
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedWaitExactFlagsAsync(flags, 3, now)).Errno);
        Assert.Equal(2, await oob.TimedWaitSomeFlagsAsync(flags, 3, now));
        Assert.Equal(4, await oob.TimedWaitFlagsAsync(flags, -5));
    });

    [Fact, Trait("Rule", "D-4")]
    public Task Wait_ClosedUnblockedOrPlainThread_ItsErrno() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        Assert.Equal(Errno.EPERM, (await t.WaitFlagsAsync(flags)).Errno);
        UserThread other = await s.OobThread(t.Process);
        ValueTask<SysResult> unblocked = other.WaitFlagsAsync(flags);
        await s.UntilAsleep(other);
        other.Unblock();
        Assert.Equal(Errno.EINTR, (await unblocked).Errno);
        ValueTask<SysResult> waiting = oob.WaitExactFlagsAsync(flags, 3);
        await s.UntilAsleep(oob);
        await t.CloseAsync(flags).OrThrow();
        Assert.Equal(Errno.EIDRM, (await waiting).Errno);
        Assert.Equal(Errno.EBADF, (await oob.WaitFlagsAsync(flags)).Errno);
    });

    [Fact]
    public Task Wait_NonBlockingFile_EagainInsteadOfSleeping() => Play(async s =>
    {
        (UserThread t, UserThread oob, _) = await Start(s);
        int flags = await t.CreateFlagsAsync(null, 1, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(1, await oob.WaitFlagsAsync(flags));
        Assert.Equal(Errno.EAGAIN, (await oob.WaitFlagsAsync(flags)).Errno);
    });

    [Fact, Trait("Rule", "B-2")]
    public Task Calls_NoBitOrAnotherKindOfFile_ItsErrno() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        Assert.Equal(Errno.EINVAL, (await t.PostFlagsAsync(flags, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.BroadcastFlagsAsync(flags, 0)).Errno);
        int sem = await t.NewSemAsync("/s").OrThrow();
        Assert.Equal(Errno.EINVAL, (await oob.WaitFlagsAsync(sem)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.OpenFlagsAsync("/s")).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.PeekFlagsAsync(await t.CreateXbufAsync(null, 8, 8).OrThrow())).Errno);
    });

    [Fact, Trait("Rule", "F-11")]
    public Task Poll_EitherStage_InWithFlagsPendingOutWithNone() => Play(async s =>
    {
        (UserThread t, UserThread oob, int flags) = await Start(s);
        PollFd[] fds = [new(flags, Readable | Writable)];
        Assert.Equal(1, await t.PollAsync(fds, 0));
        Assert.Equal(Writable, fds[0].Revents);
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, flags, Readable).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.PostFlagsAsync(flags, 1).OrThrow();
        Assert.Equal(1, await polling);
        Assert.Equal(Readable, found[0].Events);
        Assert.Equal(1, await t.PollAsync(fds, 0));
        Assert.Equal(Readable, fds[0].Revents);
        // The one who takes the last flag lets those in who wait for none.
        UserThread poller = t.Process.CreateThread();
        fds[0] = new PollFd(flags, Writable);
        ValueTask<SysResult> writable = poller.PollAsync(fds, -1);
        await s.UntilAsleep(poller);
        Assert.Equal(1, await oob.WaitFlagsAsync(flags));
        Assert.Equal(1, await writable);
        Assert.Equal(Writable, fds[0].Revents);
    });

    private static async Task<(UserThread InBand, UserThread Oob, int Flags)> Start(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (inBand, oob, await inBand.NewFlagsAsync().OrThrow());
    }
}
