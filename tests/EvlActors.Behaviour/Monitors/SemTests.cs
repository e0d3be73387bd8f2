using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Semaphores as applications use them: elements behind a descriptor.</summary>
public abstract class SemTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm;

    [Fact, Trait("Case", "C090"), Trait("Rule", "D-4")]
    public Task Get_LastDescriptorClosed_EidrmThenEbadf() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        int dup = await t.DupAsync(sem).OrThrow();
        ValueTask<SysResult> getting = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        await t.CloseAsync(dup).OrThrow();
        Assert.False(getting.IsCompleted);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(sem));
        Assert.Equal(Errno.EIDRM, (await getting).Errno);
        Assert.Equal(Errno.EBADF, (await oob.GetSemAsync(sem)).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-4")]
    public Task Get_ClosedInAnyOrder_EidrmOrEbadfAndNobodySleepsOn() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        UserThread other = await s.OobThread(t.Process, 60);
        ValueTask<SysResult> first = oob.GetSemAsync(sem);
        ValueTask<SysResult> closing = t.CloseAsync(sem);
        ValueTask<SysResult> second = other.GetSemAsync(sem);
        Assert.Equal(SysResult.Ok(), await closing);
        foreach (SysResult result in new[] { await first, await second })
            Assert.Contains(result.Errno, new[] { Errno.EIDRM, Errno.EBADF });
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "M")]
    public Task Get_ThreeSleepers_EachPutServesTheMostUrgent() => Play(async s =>
    {
        (UserThread t, UserThread middle, int sem) = await Start(s);
        UserThread low = await s.OobThread(t.Process, 20);
        UserThread high = await s.OobThread(t.Process, 80);
        ValueTask<SysResult> first = low.GetSemAsync(sem);
        await s.UntilAsleep(low);
        ValueTask<SysResult> second = middle.GetSemAsync(sem);
        ValueTask<SysResult> third = high.GetSemAsync(sem);
        await s.UntilAsleep(middle);
        await s.UntilAsleep(high);
        Assert.Equal(-3, await t.PeekSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await t.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await third);
        // What was put is the sleeper's: nobody overtakes it.
        Assert.Equal(Errno.EAGAIN, (await t.TryGetSemAsync(sem)).Errno);
        Assert.Equal(SysResult.Ok(), await high.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await second);
        Assert.False(first.IsCompleted);
        Assert.Equal(-1, await high.PeekSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await t.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await first);
        Assert.Equal(0, await t.PeekSemAsync(sem));
    });

    [Fact, Trait("Rule", "M")]
    public Task Get_CountTwo_TwoPassThirdSleeps() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s, value: 2);
        Assert.Equal(SysResult.Ok(), await oob.GetSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await oob.TryGetSemAsync(sem));
        Assert.Equal(Errno.EAGAIN, (await oob.TryGetSemAsync(sem)).Errno);
        ValueTask<SysResult> third = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await third);
    });

    [Fact, Trait("Rule", "M")]
    public Task Flush_Sleepers_EagainAndTheCountStays() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        UserThread other = await s.OobThread(t.Process);
        ValueTask<SysResult> first = oob.GetSemAsync(sem);
        ValueTask<SysResult> second = other.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(other);
        Assert.Equal(SysResult.Ok(), await t.FlushSemAsync(sem));
        Assert.Equal(Errno.EAGAIN, (await first).Errno);
        Assert.Equal(Errno.EAGAIN, (await second).Errno);
        Assert.Equal(0, await t.PeekSemAsync(sem));
    });

    [Fact, Trait("Rule", "A-7")]
    public Task TimedGet_Dates_PastOneAndFutureOneTimeOut_ZeroIsForEver() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s, value: 1);
        long now = s.Machine.Engine.MonotonicNs;
        // The date matters to who would sleep only.
        Assert.Equal(SysResult.Ok(), await oob.TimedGetSemAsync(sem, new EvlTimespec(0, -1)));
        Assert.Equal(Errno.EINVAL, (await oob.TimedGetSemAsync(sem, new EvlTimespec(0, 1_000_000_000))).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.TimedGetSemAsync(sem, -1)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedGetSemAsync(sem, new EvlTimespec(-1, 0))).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedGetSemAsync(sem, 1)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.TimedGetSemAsync(sem, now + 2_000_000)).Errno);
        Assert.True(s.Machine.Engine.MonotonicNs >= now + 2_000_000);
        UserThread waiter = await s.OobThread(t.Process);
        ValueTask<SysResult> forEver = waiter.TimedGetSemAsync(sem, default(EvlTimespec));
        await s.UntilAsleep(waiter);
        Assert.Equal(-1, await t.PeekSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await t.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await forEver);
        Assert.Equal(0, await t.PeekSemAsync(sem));
    });

    [Fact, Trait("Rule", "A-7")]
    public Task Get_UnblockedOrSignalled_EintrOrMadeAgain() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        ValueTask<SysResult> getting = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        oob.Unblock();
        Assert.Equal(Errno.EINTR, (await getting).Errno);
        UserThread other = await s.OobThread(t.Process);
        int ran = 0;
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++, restart: true)).OrThrow();
        getting = other.GetSemAsync(sem);
        await s.UntilAsleep(other);
        await t.TkillAsync(other.Tid, Signal.SIGUSR1).OrThrow();
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await getting);
        Assert.Equal(1, ran);
    });

    [Fact, Trait("Rule", "A-4")]
    public Task Calls_OfAPlainThread_OnlyGetIsRefused() => Play(async s =>
    {
        (UserThread t, _, int sem) = await Start(s, value: 1);
        Assert.Equal(Errno.EPERM, (await t.GetSemAsync(sem)).Errno);
        Assert.Equal(Errno.EPERM, (await t.TimedGetSemAsync(-1, 1)).Errno);
        Assert.Equal(SysResult.Ok(), await t.TryGetSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await t.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await t.FlushSemAsync(sem));
        Assert.Equal(1, await t.PeekSemAsync(sem));
    });

    [Fact, Trait("Rule", "A-5")]
    public Task Put_OutOfBand_StaysOutOfBand() => Play(async s =>
    {
        (_, UserThread oob, int sem) = await Start(s);
        Assert.Equal(SysResult.Ok(), await oob.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await oob.TryGetSemAsync(sem));
        Assert.Equal(0, await oob.PeekSemAsync(sem));
        Assert.False(oob.IsInband);
        Assert.Empty(s.Of(MachineEventKind.SwitchedInBand));
    });

    [Fact, Trait("Rule", "G-3")]
    public Task Get_NonBlocking_EagainInsteadOfSleeping() => Play(async s =>
    {
        (UserThread t, UserThread oob, _) = await Start(s);
        int sem = await t.CreateSemAsync(null, 1, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(SysResult.Ok(), await oob.GetSemAsync(sem));
        Assert.Equal(Errno.EAGAIN, (await oob.GetSemAsync(sem)).Errno);
        Assert.Equal(Errno.EAGAIN, (await oob.TimedGetSemAsync(sem, -1)).Errno);
    });

    [Fact]
    public Task Put_HighestCount_Eoverflow() => Play(async s =>
    {
        (UserThread t, _, int sem) = await Start(s, int.MaxValue);
        Assert.Equal(Errno.EOVERFLOW, (await t.PutSemAsync(sem)).Errno);
        Assert.Equal(int.MaxValue, await t.PeekSemAsync(sem));
    });

    [Fact, Trait("Rule", "A-9")]
    public Task Create_BadArgumentsAndNames_ItsErrno() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.NewSemAsync("/s")).Errno);
        Assert.Equal(Errno.ENXIO, (await t.CreateSemAsync("/s", -1)).Errno);
        await t.InitAsync().OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.CreateSemAsync("/s", -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CreateSemAsync("/s", 0, OpenFlags.Append)).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.NewSemAsync(new string('a', 256))).Errno);
        int sem = await t.NewSemAsync("/s").OrThrow();
        Assert.Equal(1, await t.FcntlAsync(sem, FcntlCommand.GetFd));
        // Semaphores and flags are of one class; cross-buffers of another.
        Assert.Equal(Errno.EEXIST, (await t.NewSemAsync("s")).Errno);
        Assert.Equal(Errno.EEXIST, (await t.NewFlagsAsync("/s")).Errno);
        Assert.True((await t.CreateXbufAsync("/s", 8, 8)).IsSuccess);
        await t.CloseAsync(sem).OrThrow();
        Assert.Equal(sem, await t.NewFlagsAsync("/s"));
    });

    [Fact, Trait("Rule", "A-9")]
    public Task Open_PublicPrivateAndFlags_OnlyThePublicSemaphore() => Play(async s =>
    {
        (UserThread t, _, _) = await Start(s);
        UserThread other = await s.OobThread(s.Machine.CreateProcess());
        int sem = await t.NewSemAsync("/s").OrThrow();
        await t.NewSemAsync("p").OrThrow();
        await t.NewFlagsAsync("/f").OrThrow();
        Assert.Equal(Errno.ENOENT, (await other.OpenSemAsync("p")).Errno);
        Assert.Equal(Errno.EINVAL, (await other.OpenSemAsync("/f")).Errno);
        int theirs = await other.OpenSemAsync("s").OrThrow();
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await other.GetSemAsync(theirs));
        // It lives as long as somebody has it open.
        await t.CloseAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await other.PutSemAsync(theirs));
        await other.CloseAsync(theirs).OrThrow();
        Assert.Equal(Errno.ENOENT, (await other.OpenSemAsync("/s")).Errno);
    });

    [Fact, Trait("Rule", "D-4")]
    public Task Get_AnotherFileOfTheElementReleased_EidrmAsTheCoreDoes() => Play(async s =>
    {
        (UserThread t, UserThread oob, _) = await Start(s);
        int sem = await t.NewSemAsync("/s").OrThrow();
        int again = await t.OpenSemAsync("/s").OrThrow();
        ValueTask<SysResult> getting = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        await t.CloseAsync(again).OrThrow();
        Assert.Equal(Errno.EIDRM, (await getting).Errno);
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await oob.GetSemAsync(sem));
    });

    [Fact, Trait("Rule", "B-2")]
    public Task Calls_OnAnotherKindOfFile_ItsErrno() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        int flags = await t.NewFlagsAsync().OrThrow();
        int xbuf = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        Assert.Equal(Errno.EINVAL, (await oob.GetSemAsync(flags)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PutSemAsync(flags)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PostFlagsAsync(sem, 1)).Errno);
        Assert.Equal(Errno.ENOTTY, (await oob.GetSemAsync(xbuf)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.PutSemAsync(xbuf)).Errno);
        Assert.Equal(Errno.EBADF, (await oob.GetSemAsync(1)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.PutSemAsync(1)).Errno);
        Assert.Equal(Errno.EBADF, (await t.PutSemAsync(99)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.OobReadAsync(sem, new byte[4])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(sem, new byte[4])).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(sem, 0)).Errno);
        Assert.Equal(Errno.ENOTTY, (await oob.OobIoctlAsync(sem, 1)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(sem, 1)).Errno);
    });

    [Fact, Trait("Rule", "F-11")]
    public Task Poll_EitherStage_ReadableWhileTheCountIsPositive() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, sem, Readable | PollEvents.Out, 7).OrThrow();
        PollFd[] fds = [new(sem, Readable | PollEvents.Out)];
        Assert.Equal(0, await t.PollAsync(fds, 0));
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(1, await polling);
        Assert.Equal(new EvlPollEvent(sem, Readable, 7), found[0]);
        Assert.Equal(1, await t.PollAsync(fds, -1));
        Assert.Equal(Readable, fds[0].Revents);
        Assert.Equal(SysResult.Ok(), await oob.GetSemAsync(sem));
        Assert.Equal(0, await t.PollAsync(fds, 0));
    });

    [Fact, Trait("Rule", "F-11")]
    public Task Put_SleeperAndPoller_TheSleeperHasIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        ValueTask<SysResult> getting = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        UserThread poller = t.Process.CreateThread();
        ValueTask<SysResult> polling = poller.PollAsync(new PollFd[] { new(sem, Readable) }, -1);
        await s.UntilAsleep(poller);
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await getting);
        Assert.False(polling.IsCompleted);
        await t.PutSemAsync(sem).OrThrow();
        Assert.Equal(1, await polling);
    });

    [Fact, Trait("Rule", "A-3")]
    public Task Fork_ChildAttaches_SharesTheSemaphore() => Play(async s =>
    {
        (UserThread t, UserThread oob, int sem) = await Start(s);
        EvlProcess child = s.Machine.GetProcess((await t.ForkAsync()).OrThrow())!;
        UserThread childs = child.MainThread!;
        ValueTask<SysResult> getting = oob.GetSemAsync(sem);
        await s.UntilAsleep(oob);
        Assert.Equal(Errno.EPERM, (await childs.GetSemAsync(sem)).Errno);
        Assert.Equal(SysResult.Ok(), await childs.PutSemAsync(sem));
        Assert.Equal(SysResult.Ok(), await getting);
        await childs.AttachAsync().OrThrow();
        await t.CloseAsync(sem).OrThrow();
        await childs.PutSemAsync(sem).OrThrow();
        Assert.Equal(SysResult.Ok(), await childs.GetSemAsync(sem));
    });

    [Fact, Trait("Rule", "M")]
    public Task GetAndPut_ManyThreads_NothingIsLost() => Play(async s =>
    {
        const int Rounds = 5;
        (UserThread t, UserThread a, int sem) = await Start(s);
        UserThread b = await s.OobThread(t.Process, 30);
        UserThread c = await s.OobThread(t.Process, 70);
        Task[] getters = [.. new[] { a, b, c }.Select(thread => Get(thread, sem, Rounds))];
        for (int i = 0; i < 3 * Rounds; i++)
            await t.PutSemAsync(sem).OrThrow();
        await Task.WhenAll(getters);
        Assert.Equal(0, await t.PeekSemAsync(sem));
    });

    private static async Task Get(UserThread thread, int sem, int times)
    {
        for (int i = 0; i < times; i++)
            await thread.GetSemAsync(sem).OrThrow();
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Sem)> Start(Scenario s, int value = 0)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (inBand, oob, await inBand.CreateSemAsync(null, value).OrThrow());
    }
}
