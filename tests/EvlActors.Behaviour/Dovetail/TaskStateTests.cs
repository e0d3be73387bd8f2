using Xunit;

namespace EvlActors.Behaviour;

/// <summary>A user thread's sleeping state, as anybody can read it.</summary>
public abstract class TaskStateTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly (TaskState, string?, FileOperation?) s_running = (TaskState.Running, null, null);

    [Theory, Trait("Rule", "G-1")]
    [InlineData(SleepDevice.Wait, TaskState.Uninterruptible)]
    [InlineData(SleepDevice.WaitInterruptible, TaskState.Interruptible)]
    [InlineData(SleepDevice.WaitTimeout, TaskState.Uninterruptible)]
    [InlineData(SleepDevice.Manual, TaskState.Interruptible)]
    [InlineData(SleepDevice.ManualUninterruptible, TaskState.Uninterruptible)]
    public Task State_AsleepInADriver_HowAndWhere(uint wait, TaskState state) => Play(async s =>
    {
        s.Machine.AddDevice("/dev/sleep", () => new SleepDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread waker = t.Process.CreateThread();
        int fd = await t.OpenAsync("/dev/sleep").OrThrow();
        Assert.Equal(s_running, Read(t));
        ValueTask<SysResult> sleeping = t.IoctlAsync(fd, wait, long.MaxValue / 4);
        await s.UntilAsleep(t);
        Assert.Equal((state, "/dev/sleep", FileOperation.Ioctl), Read(t));
        Assert.Equal(TaskState.Running, waker.State);
        await waker.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await waker.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        await sleeping;
        Assert.Equal(s_running, Read(t));
    });

    [Fact]
    public Task State_AsleepOutOfBand_ItsDeviceAndOperation() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        UserThread t = app.CreateThread();
        int xbuf = await t.CreateXbufAsync("x", 8, 8).OrThrow();
        int sem = await t.NewSemAsync("s").OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(xbuf, new byte[1]);
        await s.UntilAsleep(oob);
        Assert.Equal((TaskState.Interruptible, "/evl/xbuf/x", FileOperation.OobRead), Read(oob));
        await t.WriteAsync(xbuf, new byte[1]).OrThrow();
        await reading;
        Assert.Equal(TaskState.Running, oob.State);
        UserThread other = await s.OobThread(app);
        ValueTask<SysResult> getting = other.GetSemAsync(sem);
        await s.UntilAsleep(other);
        Assert.Equal((TaskState.Interruptible, "/evl/monitor/s", FileOperation.OobIoctl), Read(other));
        await t.PutSemAsync(sem).OrThrow();
        await getting;
    });

    [Fact]
    public Task State_AsleepInNoDevice_TheCall() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread[] sleepers = [app.CreateThread(), app.CreateThread(), app.CreateThread(), app.CreateThread()];
        await t.ForkAsync().OrThrow();
        Task<SysResult>[] sleeping =
        [
            sleepers[0].PollAsync(UserArray<PollFd>.Null, -1).AsTask(), sleepers[1].SelectAsync(0, null, null, null, null).AsTask(),
            sleepers[2].WaitAsync().AsTask(), sleepers[3].PauseAsync().AsTask(),
        ];
        foreach (UserThread sleeper in sleepers)
            await s.UntilAsleep(sleeper);
        Assert.Equal(["poll", "select", "wait4", "pause"], sleepers.Select(sleeper => sleeper.Snapshot.Where!));
        Assert.All(sleepers, sleeper => Assert.Equal(TaskState.Interruptible, sleeper.State));
        foreach (UserThread sleeper in sleepers)
            sleeper.Unblock();
        foreach (Task<SysResult> one in sleeping)
            Assert.Equal(Errno.EINTR, (await one).Errno);
        Assert.All(sleepers, sleeper => Assert.Equal(s_running, Read(sleeper)));
    });

    [Fact, Trait("Rule", "D-3")]
    public Task State_CloseThatWaitsForAnOobCall_UninterruptibleInRelease() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/gated", () => new GatedDevice { Flushes = false });
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await t.OpenAsync("/dev/gated").OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(oob);
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        await s.Until(e => e.Kind == MachineEventKind.ReleaseOobBegun);
        Assert.Equal((TaskState.Uninterruptible, "/dev/gated", FileOperation.Release), Read(t));
        oob.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(s_running, Read(t));
    });

    [Fact]
    public Task State_Ended_Dead() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread other = t.Process.CreateThread();
        await other.ExitThreadAsync().OrThrow();
        Assert.Equal(TaskState.Dead, other.State);
        Assert.Equal(TaskState.Running, t.State);
        await t.ExitAsync();
        Assert.Equal(TaskState.Dead, t.State);
    });

    private static (TaskState State, string? Where, FileOperation? Operation) Read(UserThread thread)
    {
        TaskSnapshot snapshot = thread.Snapshot;
        return (snapshot.State, snapshot.Where, snapshot.Operation);
    }
}
