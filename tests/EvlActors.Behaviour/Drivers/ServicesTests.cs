using Xunit;
using static EvlActors.MachineEventKind;

namespace EvlActors.Behaviour;

/// <summary>Flags, wait queues, timers and kernel threads as drivers use them.</summary>
public abstract class ServicesTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C220"), Trait("Rule", "G-5")]
    public Task Flag_RaisedTwiceBeforeAWait_OneWaitPasses() => Play(async s =>
    {
        (UserThread t, UserThread a, int fd, _) = await Start(s);
        await t.IoctlAsync(fd, ServicesDevice.FlagPulse).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.FlagRaise).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.FlagRaise).OrThrow();
        Assert.Equal(SysResult.Ok(), await a.OobIoctlAsync(fd, ServicesDevice.FlagWait));
        ValueTask<SysResult> second = a.OobIoctlAsync(fd, ServicesDevice.FlagWait);
        await s.UntilAsleep(a);
        await t.IoctlAsync(fd, ServicesDevice.FlagRaise).OrThrow();
        Assert.Equal(SysResult.Ok(), await second);
    });

    [Fact, Trait("Case", "C221"), Trait("Rule", "G-5")]
    public Task Flag_ThreeWaiters_RaiseLetsTheHighestThrough_PulseAll() => Play(async s =>
    {
        (UserThread t, UserThread middle, int fd, _) = await Start(s);
        UserThread low = await s.OobThread(t.Process, 20);
        UserThread high = await s.OobThread(t.Process, 80);
        ValueTask<SysResult> first = low.OobIoctlAsync(fd, ServicesDevice.FlagWait);
        ValueTask<SysResult> second = middle.OobIoctlAsync(fd, ServicesDevice.FlagWait);
        ValueTask<SysResult> third = high.OobIoctlAsync(fd, ServicesDevice.FlagWait);
        foreach (UserThread sleeper in new[] { low, middle, high })
            await s.UntilAsleep(sleeper);
        await t.IoctlAsync(fd, ServicesDevice.FlagRaise).OrThrow();
        Assert.Equal(SysResult.Ok(), await third);
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        // Those that lost sleep again before the pulse, which is of the lowest rank.
        await t.IoctlAsync(fd, ServicesDevice.FlagPulse).OrThrow();
        Assert.Equal(SysResult.Ok(), await first);
        Assert.Equal(SysResult.Ok(), await second);
    });

    [Theory]
    [InlineData(ServicesDevice.FifoWait)]
    [InlineData(ServicesDevice.PriorityWait)]
    public Task WaitQueue_WakeAll_EachOnce_EqualsInOrderOfArrival(uint wait) => Play(async s =>
    {
        (UserThread t, UserThread a, int fd, ServicesDevice device) = await Start(s);
        UserThread b = await s.OobThread(t.Process);
        ValueTask<SysResult> first = a.OobIoctlAsync(fd, wait);
        await s.UntilAsleep(a);
        ValueTask<SysResult> second = b.OobIoctlAsync(fd, wait);
        await s.UntilAsleep(b);
        await t.IoctlAsync(fd, ServicesDevice.WakeAll).OrThrow();
        Assert.Equal(SysResult.Ok(), await first);
        Assert.Equal(SysResult.Ok(), await second);
        Assert.Equal([a.Tid, b.Tid], device.Left);
    });

    [Fact]
    public Task Timer_LateStart_StaysOnItsGridAndCountsWhatItMissed() => Play(async s =>
    {
        (UserThread t, _, int fd, ServicesDevice device) = await Start(s);
        await t.IoctlAsync(fd, ServicesDevice.StartTimer, 2_500).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.AwaitShots, 3).OrThrow();
        Assert.Equal(0, await t.IoctlAsync(fd, ServicesDevice.StopTimer));
        Assert.Equal((0, 0), device.Shots[0]);
        Assert.True(device.Shots[1].Overruns >= 2);
        // Every date that was not shot at was counted.
        for (int i = 1; i < 3; i++)
            Assert.Equal(device.Shots[i - 1].AfterNs + ((device.Shots[i].Overruns + 1) * 1_000_000), device.Shots[i].AfterNs);
        // Started anew it counts anew.
        await t.IoctlAsync(fd, ServicesDevice.StartTimer).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.AwaitShots, 1).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.StopTimer).OrThrow();
        Assert.Equal((0, 0), device.Shots[0]);
    });

    [Fact, Trait("Rule", "M")]
    public Task KernelThread_Stopped_SleepEndsAndStopWaitsForItsEnd() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, ServicesDevice device) = await Start(s);
        await oob.OobIoctlAsync(fd, ServicesDevice.StartThread).OrThrow();
        // Two at once, wherever the thread is: both return when it has ended.
        ValueTask<SysResult> stopping = oob.OobIoctlAsync(fd, ServicesDevice.StopThread);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, ServicesDevice.StopThread));
        Assert.Equal(SysResult.Ok(), await stopping);
        Assert.Equal([SysResult.Error(Errno.EDEADLK), SysResult.Error(Errno.EINTR)], device.Sleeps);
    });

    [Fact]
    public Task MachineEnds_TimerRunsAndKernelThreadSleeps_NobodyWaitsForThem() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s);
        await oob.OobIoctlAsync(fd, ServicesDevice.StartThread).OrThrow();
        await t.IoctlAsync(fd, ServicesDevice.StartTimer).OrThrow();
        await s.Machine.DisposeAsync();
        Assert.Empty(s.Of(DeviceFailed));
        s.AssertSound(everythingClosed: true);
    });

    private static async Task<(UserThread InBand, UserThread Oob, int Fd, ServicesDevice Device)> Start(Scenario s)
    {
        var device = new ServicesDevice();
        s.Machine.AddDevice("/dev/services", () => device);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        return (inBand, await s.OobThread(app), await inBand.OpenAsync("/dev/services").OrThrow(), device);
    }
}
