using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>How driver code of one stage reaches the other: irq_work and run_oob_call.</summary>
public abstract class InterStageTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory, Trait("Rule", "M"), Trait("Rule", "B-4")]
    [InlineData(true)]
    [InlineData(false)]
    public Task IrqWork_QueuedOutOfBand_WakesAnInBandSleeper(bool inTimer) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueueHead();
        bool isThere = false;
        var queued = new List<bool>();
        IrqWork? work = null;
        device.InBand[1] = async call =>
        {
            work ??= device.NewWork(_ => queue.WakeUp());
            return await queue.WaitEventInterruptible(call, () => isThere);
        };
        device.OutOfBand[2] = _ =>
        {
            isThere = true;
            if (inTimer)
            {
                device.NewTimer(_ =>
                {
                    queued.Add(work!.Queue());
                    return SysResult.Ok();
                }).Start(device.NowNs);
                return SysResult.Ok();
            }
            queued.Add(work!.Queue());
            queued.Add(work.Queue());
            return SysResult.Ok(work.IsPending ? 1 : 0);
        };
        ValueTask<SysResult> sleeping = t.IoctlAsync(fd, 1);
        await s.UntilAsleep(t);
        Assert.Equal(inTimer ? 0 : 1, (await oob.OobIoctlAsync(fd, 2)).Value);
        Assert.Equal(SysResult.Ok(), await sleeping);
        Assert.Equal(inTimer ? [true] : [true, false], queued);
        Assert.False(work!.IsPending);
    });

    [Theory, Trait("Rule", "B-4")]
    [InlineData(true)]
    [InlineData(false)]
    public Task WakeUp_OutOfBand_WrongStage(bool inTimer) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueueHead();
        device.OutOfBand[1] = _ =>
        {
            queue.WakeUpInterruptible();
            return SysResult.Ok();
        };
        device.InBand[1] = _ =>
        {
            queue.WakeUpAll();
            device.NewTimer(context => device.OutOfBand[1](null!)).Start(device.NowNs);
            return SysResult.Ok();
        };
        if (inTimer)
        {
            await t.IoctlAsync(fd, 1).OrThrow();
            await s.Until(e => e.Kind == MachineEventKind.DeviceFailed);
        }
        else
        {
            Assert.Equal(Errno.EIO, (await oob.OobIoctlAsync(fd, 1)).Errno);
        }
        Assert.Contains(s.Of(MachineEventKind.DriverWarning), e => e.Detail!.Contains("WaitQueueHead.WakeUp", StringComparison.Ordinal));
    });

    [Fact, Trait("Rule", "M")]
    public Task IrqWork_QueuedByItself_RunsAgain_SyncWaits() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        int runs = 0;
        IrqWork? work = null;
        device.InBand[1] = async call =>
        {
            work = device.NewWork(context =>
            {
                Assert.False(context.CanSleep);
                if (++runs < 3)
                    Assert.True(work!.Queue());
            });
            await work.Sync(call);
            work.Queue();
            await work.Sync(call);
            return runs;
        };
        device.OutOfBand[2] = call => work!.Sync(call);
        Assert.Equal(3, (await t.IoctlAsync(fd, 1)).Value);
        Assert.Equal(Errno.EIO, (await oob.OobIoctlAsync(fd, 2)).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task IrqWork_SleepsOrThrows_DeviceFails_PendingWorkIsDropped() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueueHead();
        bool hasRun = false;
        device.InBand[1] = async call =>
        {
            device.NewWork(context => _ = queue.WaitEvent(context, () => false)).Queue();
            IrqWork dropped = device.NewWork(_ => hasRun = true);
            IrqWork thrower = device.NewWork(_ => throw new InvalidOperationException("planted"));
            thrower.Queue();
            dropped.Queue();
            return await dropped.Sync(call);
        };
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, 1)).Errno);
        await s.Until(e => e.Kind == MachineEventKind.DeviceFailed);
        Assert.False(hasRun);
    });

    [Fact, Trait("Rule", "M")]
    public Task RunOobCall_InBand_RunsOutOfBandAndAnswers() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var stax = new EvlStax();
        device.InBand[1] = async call =>
        {
            stax.TryLock(call);
            SysResult refused = await device.CallOob(call, context => stax.TryLock(context));
            stax.Unlock(call);
            SysResult entered = await device.CallOob(call, context => stax.TryLock(context));
            Assert.Equal((Errno.EAGAIN, Errno.None), (refused.Errno, entered.Errno));
            return await device.CallOob(call, context => context.CanSleep ? 0 : 42);
        };
        device.OutOfBand[2] = async call => await device.CallOob(call, _ => SysResult.Ok());
        Assert.Equal(42, (await t.IoctlAsync(fd, 1)).Value);
        Assert.Equal(Errno.EIO, (await oob.OobIoctlAsync(fd, 2)).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task RunOobCall_Throws_DeviceFailsAndTheCallerGetsEio() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        SysResult seen = default;
        device.InBand[1] = async call =>
        {
            seen = await device.CallOob(call, _ => throw new InvalidOperationException("planted"));
            return seen;
        };
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, 1)).Errno);
        Assert.Equal(Errno.EIO, seen.Errno);
        Assert.Single(s.Of(MachineEventKind.DeviceFailed));
    });
}
