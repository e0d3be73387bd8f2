using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The EVL core's semaphores, flags and wait queues, as drivers use them.</summary>
public abstract class CoreSleepTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C277"), Trait("Rule", "M")]
    public Task Ksem_ValueTwo_TwoPassUpWakesTheMostUrgentBroadcastAll() => Play(async s =>
    {
        (UserThread t, UserThread middle, int fd) = await Start(s);
        UserThread low = await s.OobThread(t.Process, 20);
        UserThread high = await s.OobThread(t.Process, 80);
        Assert.Equal(SysResult.Ok(), await middle.OobIoctlAsync(fd, CoreSleepDevice.Down));
        Assert.Equal(SysResult.Ok(), await high.OobIoctlAsync(fd, CoreSleepDevice.Down));
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(fd, CoreSleepDevice.TryDown)).Errno);
        Task<SysResult>[] downs = await SleepIn(s, fd, CoreSleepDevice.Down, low, middle, high);
        await t.IoctlAsync(fd, CoreSleepDevice.Up).OrThrow();
        Assert.Equal(SysResult.Ok(), await downs[2]);
        Assert.False(downs[0].IsCompleted || downs[1].IsCompleted);
        await t.IoctlAsync(fd, CoreSleepDevice.Broadcast).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await downs[0]).Errno);
        Assert.Equal(Errno.EAGAIN, (await downs[1]).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(fd, CoreSleepDevice.TryDown)).Errno);
        UserThread last = await s.OobThread(t.Process);
        downs = await SleepIn(s, fd, CoreSleepDevice.Down, last);
        await t.IoctlAsync(fd, CoreSleepDevice.Destroy).OrThrow();
        Assert.Equal(Errno.EIDRM, (await downs[0]).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task Ksem_DownUntilADate_Etimedout() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s);
        await t.IoctlAsync(fd, CoreSleepDevice.TryDown).OrThrow();
        long now = s.Machine.Engine.MonotonicNs;
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, CoreSleepDevice.DownUntil, 1));
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, CoreSleepDevice.DownUntil, 1)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, CoreSleepDevice.DownUntil, now + 1_000_000)).Errno);
        Assert.True(s.Machine.Engine.MonotonicNs >= now + 1_000_000);
    });

    [Fact, Trait("Rule", "G-5")]
    public Task Flag_ClearReadPeekFlush_LatchOrError() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s);
        await t.IoctlAsync(fd, CoreSleepDevice.FlagRaise).OrThrow();
        Assert.Equal(1, await t.IoctlAsync(fd, CoreSleepDevice.FlagPeek));
        Assert.Equal(1, await t.IoctlAsync(fd, CoreSleepDevice.FlagRead));
        Assert.Equal(0, await t.IoctlAsync(fd, CoreSleepDevice.FlagRead));
        await t.IoctlAsync(fd, CoreSleepDevice.FlagRaise).OrThrow();
        await t.IoctlAsync(fd, CoreSleepDevice.FlagClear).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(fd, CoreSleepDevice.FlagTry)).Errno);
        Task<SysResult>[] waits = await SleepIn(s, fd, CoreSleepDevice.FlagWait, oob, await s.OobThread(t.Process));
        await t.IoctlAsync(fd, CoreSleepDevice.FlagFlush).OrThrow();
        foreach (Task<SysResult> wait in waits)
            Assert.Equal(Errno.EIDRM, (await wait).Errno);
        Assert.Equal(0, await t.IoctlAsync(fd, CoreSleepDevice.FlagPeek));
    });

    [Fact, Trait("Rule", "G-4")]
    public Task WaitEvent_WokenWithTheConditionFalse_OnlyABroadcastEndsIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s);
        Task<SysResult>[] waits = await SleepIn(s, fd, CoreSleepDevice.Event, oob, await s.OobThread(t.Process));
        await t.IoctlAsync(fd, CoreSleepDevice.WakeEvent).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && s.Of(MachineEventKind.CallAsleep).Count() == 4);
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        await t.IoctlAsync(fd, CoreSleepDevice.BroadcastEvent).OrThrow();
        foreach (Task<SysResult> wait in waits)
            Assert.Equal(SysResult.Ok(), await wait);
    });

    [Fact, Trait("Rule", "G-4")]
    public Task WaitEvent_TrueBeforeOrWhenWoken_Zero() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s);
        Task<SysResult>[] waits = await SleepIn(s, fd, CoreSleepDevice.Event, oob, await s.OobThread(t.Process));
        await t.IoctlAsync(fd, CoreSleepDevice.SetEvent, 1).OrThrow();
        await t.IoctlAsync(fd, CoreSleepDevice.WakeEvent).OrThrow();
        foreach (Task<SysResult> wait in waits)
            Assert.Equal(SysResult.Ok(), await wait);
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, CoreSleepDevice.EventNonBlock));
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, CoreSleepDevice.EventUntil, 1));
    });

    [Fact, Trait("Rule", "G-4")]
    public Task WaitEvent_Timeouts_NonBlockRelativeAbsoluteAndForEver() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s);
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(fd, CoreSleepDevice.EventNonBlock)).Errno);
        long now = s.Machine.Engine.MonotonicNs;
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, CoreSleepDevice.EventUntil, 1)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, CoreSleepDevice.EventAfter, 2_000_000)).Errno);
        Assert.True(s.Machine.Engine.MonotonicNs >= now + 2_000_000);
        UserThread first = await s.OobThread(t.Process);
        UserThread second = await s.OobThread(t.Process);
        Task<SysResult>[] waits = [.. await SleepIn(s, fd, CoreSleepDevice.EventAfter, first), .. await SleepIn(s, fd, CoreSleepDevice.EventUntil, second)];
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        await t.IoctlAsync(fd, CoreSleepDevice.FlushEvent).OrThrow();
        foreach (Task<SysResult> wait in waits)
            Assert.Equal(Errno.EIDRM, (await wait).Errno);
    });

    [Theory, Trait("Rule", "G-4")]
    [InlineData(1)]
    [InlineData(2)]
    public Task TimedWait_WokenAgainAndAgain_EndsInTimeAllTheSame(uint how) => Play(async s =>
    {
        (_, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueue();
        var flag = new EvlFlag();
        device.OutOfBand[1] = call => queue.WaitEvent(call, () => false, EvlTimeout.After(5_000_000));
        device.OutOfBand[2] = call => flag.Wait(call, EvlTimeout.After(5_000_000));
        device.OutOfBand[3] = _ =>
        {
            device.NewTimer(_ =>
            {
                queue.WakeAll();
                flag.Raise();
                flag.Clear();
                return SysResult.Ok();
            }).Start(device.NowNs, 1_000_000);
            return SysResult.Ok();
        };
        await oob.OobIoctlAsync(fd, 3).OrThrow();
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, how)).Errno);
    });

    [Fact, Trait("Rule", "G-1"), Trait("Rule", "G-4")]
    public Task TimedWait_LongerThanAllTime_SleepsUntilWoken() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        UserThread inBand = t.Process.CreateThread();
        var queue = new WaitQueue();
        var head = new WaitQueueHead();
        bool isTrue = false;
        device.OutOfBand[1] = call => queue.WaitEvent(call, () => isTrue, EvlTimeout.After(long.MaxValue));
        device.InBand[2] = call => head.WaitEventTimeout(call, () => isTrue, long.MaxValue);
        device.InBand[3] = _ =>
        {
            isTrue = true;
            queue.WakeAll();
            head.WakeUp();
            return SysResult.Ok();
        };
        ValueTask<SysResult> first = oob.OobIoctlAsync(fd, 1), second = inBand.IoctlAsync(fd, 2);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(inBand);
        await t.IoctlAsync(fd, 3).OrThrow();
        Assert.Equal(SysResult.Ok(), await first);
        Assert.True((await second).Value > long.MaxValue / 2);
    });

    private static async Task<Task<SysResult>[]> SleepIn(Scenario s, int fd, uint wait, params UserThread[] threads)
    {
        Task<SysResult>[] sleeping = [.. threads.Select(thread => thread.OobIoctlAsync(fd, wait).AsTask())];
        foreach (UserThread thread in threads)
            await s.UntilAsleep(thread);
        return sleeping;
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s)
    {
        s.Machine.AddDevice("/dev/core", () => new CoreSleepDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        return (inBand, await s.OobThread(app), await inBand.OpenAsync("/dev/core").OrThrow());
    }
}
