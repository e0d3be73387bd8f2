using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Counting semaphores of drivers.</summary>
public abstract class SemaphoreTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const uint Down = 1, TryDown = 2, Up = 3, Broadcast = 4, Destroy = 5, DownUntil = 6, UpByTimer = 7;

    [Fact, Trait("Case", "C277"), Trait("Rule", "M")]
    public Task Down_ThreeOfTwo_ThirdSleeps_UpWakesTheHighest_BroadcastAll() => Play(async s =>
    {
        (UserThread t, UserThread middle, int fd, EvlSemaphore semaphore) = await Start(s, 2);
        UserThread low = await s.OobThread(t.Process, 20), high = await s.OobThread(t.Process, 80);
        Assert.Equal(SysResult.Ok(), await low.OobIoctlAsync(fd, Down));
        Assert.Equal(SysResult.Ok(), await high.OobIoctlAsync(fd, Down));
        ValueTask<SysResult> first = low.OobIoctlAsync(fd, Down);
        await s.UntilAsleep(low);
        ValueTask<SysResult> second = middle.OobIoctlAsync(fd, Down);
        ValueTask<SysResult> third = high.OobIoctlAsync(fd, Down);
        await s.UntilAsleep(middle);
        await s.UntilAsleep(high);
        await t.IoctlAsync(fd, Up).OrThrow();
        Assert.Equal(SysResult.Ok(), await third);
        Assert.False(first.IsCompleted || second.IsCompleted);
        await t.IoctlAsync(fd, Broadcast).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await first).Errno);
        Assert.Equal(Errno.EAGAIN, (await second).Errno);
        Assert.Equal(0, semaphore.Value);
        ValueTask<SysResult> last = middle.OobIoctlAsync(fd, Down);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == middle.Tid && e.Sequence > LastWoken(s, middle));
        await t.IoctlAsync(fd, Destroy).OrThrow();
        Assert.Equal(Errno.EIDRM, (await last).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task TryDown_Counted_EagainAtZero() => Play(async s =>
    {
        (UserThread t, _, int fd, EvlSemaphore semaphore) = await Start(s, 1);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, TryDown));
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(fd, TryDown)).Errno);
        await t.IoctlAsync(fd, Up).OrThrow();
        Assert.Equal(1, semaphore.Value);
        Assert.False(semaphore.HasWaiters);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvlSemaphore(-1));
    });

    [Fact, Trait("Rule", "M")]
    public Task DownTimeout_IsADate_TakesWhatIsThereElseTimesOut() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, EvlSemaphore semaphore) = await Start(s, 1);
        long nowNs = (await t.ClockGettimeAsync(ClockId.Monotonic)).Value;
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, DownUntil, nowNs));
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, DownUntil, nowNs)).Errno);
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, DownUntil, nowNs + 1_000_000)).Errno);
        Assert.True((await t.ClockGettimeAsync(ClockId.Monotonic)).Value >= nowNs + 1_000_000);
        Assert.False(semaphore.HasWaiters);
        Assert.Equal(0, semaphore.Value);
    });

    [Fact, Trait("Rule", "M")]
    public Task Up_InATimersHandler_LetsTheWaiterThrough() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s, 0);
        ValueTask<SysResult> downing = oob.OobIoctlAsync(fd, Down);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, UpByTimer).OrThrow();
        Assert.Equal(SysResult.Ok(), await downing);
    });

    private static long LastWoken(Scenario s, UserThread thread) =>
        s.Of(MachineEventKind.CallWoken).Last(e => e.Tid == thread.Tid).Sequence;

    private static async Task<(UserThread InBand, UserThread Oob, int Fd, EvlSemaphore Semaphore)> Start(Scenario s, int value)
    {
        (UserThread inBand, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var semaphore = new EvlSemaphore(value);
        device.InBand[Down] = call => semaphore.Down(call);
        device.InBand[DownUntil] = call => semaphore.Down(call, EvlTimeout.Until(call.Argument));
        device.InBand[TryDown] = _ => semaphore.TryDown();
        device.InBand[Up] = _ => Done(semaphore.Up);
        device.InBand[Broadcast] = _ => Done(() => semaphore.Broadcast());
        device.InBand[Destroy] = _ => Done(semaphore.Destroy);
        device.InBand[UpByTimer] = _ => Done(() => device.NewTimer(_ => Done(semaphore.Up)).Start(device.NowNs));
        return (inBand, oob, fd, semaphore);
    }

    private static IoTask Done(Action action)
    {
        action();
        return SysResult.Ok();
    }
}
