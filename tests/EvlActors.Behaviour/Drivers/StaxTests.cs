using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The lock between the stages.</summary>
public abstract class StaxTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const uint Lock = 1, TryLock = 2, Unlock = 3, Destroy = 4;

    [Fact, Trait("Rule", "M")]
    public Task TryLock_OneStageHolds_ItsOwnEnterAndTheOtherIsKeptOut() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, EvlStax stax) = await Start(s);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, Lock));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, TryLock));
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(fd, TryLock)).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, Unlock));
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(fd, TryLock)).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, Unlock));
        Assert.False(stax.IsHeld);
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, TryLock));
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, Lock));
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(fd, TryLock)).Errno);
        Assert.True(stax.IsHeld);
    });

    [Theory, Trait("Rule", "M")]
    [InlineData(true)]
    [InlineData(false)]
    public Task Unlock_TheLast_WakesEverybodyOfTheOtherStage(bool oobWaits) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, EvlStax stax) = await Start(s);
        UserThread second = t.Process.CreateThread(), secondOob = await s.OobThread(t.Process, 20);
        UserThread[] holders = oobWaits ? [t, second] : [oob, secondOob];
        UserThread[] waiters = oobWaits ? [oob, secondOob] : [t, second];
        foreach (UserThread holder in holders)
            await Call(holder, fd, Lock).OrThrow();
        ValueTask<SysResult> first = Call(waiters[0], fd, Lock), other = Call(waiters[1], fd, Lock);
        foreach (UserThread waiter in waiters)
            await s.UntilAsleep(waiter);
        await Call(holders[0], fd, Unlock).OrThrow();
        Assert.False(first.IsCompleted || other.IsCompleted);
        await Call(holders[1], fd, Unlock).OrThrow();
        Assert.Equal(SysResult.Ok(), await first);
        Assert.Equal(SysResult.Ok(), await other);
        Assert.Equal(Errno.EAGAIN, (await Call(holders[0], fd, TryLock)).Errno);
        await Call(waiters[0], fd, Unlock).OrThrow();
        await Call(waiters[1], fd, Unlock).OrThrow();
        Assert.False(stax.IsHeld);
    });

    [Fact, Trait("Case", "C280"), Trait("Rule", "M")]
    public Task Lock_OobThreadWithWosxWaits_OneNotice() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s);
        var notices = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGDEBUG, SigAction.Handle(notices.Add)).OrThrow();
        int element = await SetMode(oob, EvlThreadMode.Wosx);
        await oob.OobIoctlAsync(fd, Lock).OrThrow();
        await oob.OobIoctlAsync(fd, Unlock).OrThrow();
        Assert.Empty(notices);
        await t.IoctlAsync(fd, Lock).OrThrow();
        ValueTask<SysResult> locking = oob.OobIoctlAsync(fd, Lock);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, Unlock).OrThrow();
        Assert.Equal(SysResult.Ok(), await locking);
        SigInfo notice = Assert.Single(notices);
        Assert.Equal((Signal.SIGDEBUG, SwitchCause.StageExclusion), (notice.Number, notice.SwitchCause));
        Assert.True(oob.IsInband);
        await oob.OobIoctlAsync(fd, Unlock).OrThrow();
        await oob.CloseAsync(element).OrThrow();
        Assert.Single(notices);
    });

    [Fact, Trait("Rule", "M")]
    public Task Lock_OobThreadWithoutWosxWaits_NoNotice() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s);
        var notices = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGDEBUG, SigAction.Handle(notices.Add)).OrThrow();
        await SetMode(oob, EvlThreadMode.Woli | EvlThreadMode.Woso);
        await t.IoctlAsync(fd, Lock).OrThrow();
        ValueTask<SysResult> locking = oob.OobIoctlAsync(fd, Lock);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, Unlock).OrThrow();
        Assert.Equal(SysResult.Ok(), await locking);
        Assert.False(oob.IsInband);
        Assert.Empty(notices);
    });

    [Theory, Trait("Case", "C281"), Trait("Rule", "M")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Lock_InBandWaiterGetsASignal_NotOwning_EintrOrRestart(bool restarts) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, EvlStax stax) = await Start(s);
        int handled = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { Interlocked.Increment(ref handled); }, restarts)).OrThrow();
        await oob.OobIoctlAsync(fd, Lock).OrThrow();
        ValueTask<SysResult> locking = t.IoctlAsync(fd, Lock);
        await s.UntilAsleep(t);
        Assert.Equal(SysResult.Ok(), await t.Kill(Signal.SIGUSR1));
        if (restarts)
        {
            // Awaited code runs the handler: the second sleep is seen meanwhile.
            Task<SysResult> restarted = locking.AsTask();
            await s.Until(e => e.Kind == MachineEventKind.CallRestarted && e.Tid == t.Tid);
            await oob.OobIoctlAsync(fd, Unlock).OrThrow();
            Assert.Equal(SysResult.Ok(), await restarted);
            Assert.True(stax.IsHeld);
        }
        else
        {
            Assert.Equal(Errno.EINTR, (await locking).Errno);
            await oob.OobIoctlAsync(fd, Unlock).OrThrow();
            Assert.False(stax.IsHeld);
        }
        Assert.Equal(1, Volatile.Read(ref handled));
    });

    [Theory, Trait("Rule", "M")]
    [InlineData(true)]
    [InlineData(false)]
    public Task Destroy_SomebodyWaits_Eidrm(bool oobWaits) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s);
        (UserThread holder, UserThread waiter) = oobWaits ? (t, oob) : (oob, t);
        await Call(holder, fd, Lock).OrThrow();
        ValueTask<SysResult> locking = Call(waiter, fd, Lock);
        await s.UntilAsleep(waiter);
        await Call(holder, fd, Destroy).OrThrow();
        Assert.Equal(Errno.EIDRM, (await locking).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task Destroy_WhileHeld_WaiterLeavesAndTheHolderUnlocks() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var stax = new EvlStax();
        device.InBand[1] = call => stax.Lock(call);
        device.InBand[2] = _ =>
        {
            stax.Destroy();
            return SysResult.Ok();
        };
        device.InBand[3] = call =>
        {
            stax.Unlock(call);
            return SysResult.Ok();
        };
        await t.IoctlAsync(fd, 1).OrThrow();
        ValueTask<SysResult> waiting = oob.OobIoctlAsync(fd, 1);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, 2).OrThrow();
        Assert.Equal(Errno.EIDRM, (await waiting).Errno);
        Assert.True(stax.IsHeld);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 3));
        Assert.False(stax.IsHeld);
    });

    [Fact, Trait("Rule", "M")]
    public Task Unlock_ByTheOtherStage_DeviceFails() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, _) = await Start(s);
        await t.IoctlAsync(fd, Lock).OrThrow();
        Assert.Equal(Errno.EIO, (await oob.OobIoctlAsync(fd, Unlock)).Errno);
        Assert.Single(s.Of(MachineEventKind.DeviceFailed));
    });

    [Fact, Trait("Rule", "M")]
    public Task Lock_InATimer_WrongStage_TryLockWorks() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var stax = new EvlStax();
        var results = new List<SysResult>();
        device.InBand[1] = call =>
        {
            device.NewTimer(async context =>
            {
                results.Add(stax.TryLock(context));
                return await stax.Lock(context);
            }).Start(device.NowNs);
            return stax.TryLock(call);
        };
        await t.IoctlAsync(fd, 1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceFailed);
        Assert.Equal([SysResult.Error(Errno.EAGAIN)], results);
        Assert.Contains(s.Of(MachineEventKind.DriverWarning), e => e.Detail!.Contains("EvlStax.Lock", StringComparison.Ordinal));
    });

    private static ValueTask<SysResult> Call(UserThread thread, int fd, uint command) =>
        thread.Policy == SchedPolicy.Fifo ? thread.OobIoctlAsync(fd, command) : thread.IoctlAsync(fd, command);

    private static async Task<int> SetMode(UserThread thread, EvlThreadMode mode)
    {
        await thread.DetachAsync().OrThrow();
        int element = await thread.AttachAsync().OrThrow();
        await thread.SetThreadModeAsync(element, mode).OrThrow();
        return element;
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Fd, EvlStax Stax)> Start(Scenario s)
    {
        (UserThread inBand, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var stax = new EvlStax();
        device.InBand[Lock] = call => stax.Lock(call);
        device.InBand[TryLock] = call => stax.TryLock(call);
        device.InBand[Unlock] = call =>
        {
            stax.Unlock(call);
            return SysResult.Ok();
        };
        device.InBand[Destroy] = _ =>
        {
            stax.Destroy();
            return SysResult.Ok();
        };
        return (inBand, oob, fd, stax);
    }
}
