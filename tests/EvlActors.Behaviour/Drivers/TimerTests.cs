using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Timers of drivers: dates, and what their handlers may do.</summary>
public abstract class TimerTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const long Ms = 1_000_000;

    [Fact, Trait("Rule", "M")]
    public Task Start_OneShot_OnceAtItsDate() => Play(async s =>
    {
        (_, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var shots = new List<long>();
        var flag = new EvlFlag();
        long date = 0;
        device.OutOfBand[1] = async call =>
        {
            EvlTimer timer = device.NewTimer(context =>
            {
                Assert.True(device.NowNs >= context.DateNs);
                shots.Add(context.DateNs);
                flag.Raise();
                return SysResult.Ok();
            });
            date = device.NowNs + Ms;
            timer.Start(date);
            Assert.True(timer.IsRunning);
            await flag.Wait(call);
            Assert.False(timer.IsRunning);
            return await call.Sleep(3 * Ms);
        };
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1));
        Assert.Equal([date], shots);
    });

    [Fact, Trait("Rule", "M")]
    public Task Handler_RaisesAndFlushes_WaitersGoOn() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        UserThread second = await s.OobThread(t.Process, 20);
        var raised = new EvlFlag();
        var flushed = new WaitQueue();
        device.OutOfBand[1] = call => raised.Wait(call);
        device.OutOfBand[2] = async call => await flushed.Wait(call);
        device.InBand[3] = _ =>
        {
            device.NewTimer(_ =>
            {
                raised.Raise();
                flushed.Flush(Errno.ENODEV);
                return SysResult.Ok();
            }).Start(device.NowNs);
            return SysResult.Ok();
        };
        ValueTask<SysResult> first = oob.OobIoctlAsync(fd, 1), other = second.OobIoctlAsync(fd, 2);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(second);
        await t.IoctlAsync(fd, 3).OrThrow();
        Assert.Equal(SysResult.Ok(), await first);
        Assert.Equal(Errno.ENODEV, (await other).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task Start_InItsOwnHandler_RunsAgainAtEachDate() => Play(async s =>
    {
        (_, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var dates = new List<long>();
        var done = new EvlFlag();
        device.OutOfBand[1] = async call =>
        {
            EvlTimer? timer = null;
            timer = device.NewTimer(context =>
            {
                dates.Add(context.DateNs);
                if (dates.Count < 3)
                    timer!.Start(context.DateNs + Ms);
                else
                    done.Raise();
                return SysResult.Ok();
            });
            timer.Start(device.NowNs);
            return await done.Wait(call);
        };
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1));
        Assert.Equal([dates[0], dates[0] + Ms, dates[0] + 2 * Ms], dates);
    });

    [Fact, Trait("Rule", "M")]
    public Task Start_InItsOwnHandlerThatTakesLonger_RunsWhenThatHasEnded() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        int shots = 0;
        var done = new EvlFlag();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        device.OutOfBand[1] = async call =>
        {
            EvlTimer? timer = null;
            timer = device.NewTimer(async _ =>
            {
                shots++;
                if (shots == 1)
                {
                    timer!.Start(device.NowNs);
                    await gate.Task;
                    Assert.Equal(1, shots);
                    return 0;
                }
                done.Raise();
                return 0;
            });
            timer.Start(device.NowNs);
            return await done.Wait(call);
        };
        device.InBand[2] = _ => SysResult.Ok(shots);
        ValueTask<SysResult> waiting = oob.OobIoctlAsync(fd, 1);
        while ((await t.IoctlAsync(fd, 2)).Value == 0)
        {
        }
        // Time for the date to come while the handler is still under way.
        for (int i = 0; i < 3; i++)
            await t.IoctlAsync(fd, 2);
        gate.SetResult();
        Assert.Equal(SysResult.Ok(), await waiting);
        Assert.Equal(2, shots);
    });

    [Fact, Trait("Rule", "M")]
    public Task Destroy_Running_NoShotAnyMore_NotStartedAgain() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        int shots = 0;
        EvlTimer? timer = null;
        var flag = new EvlFlag();
        device.OutOfBand[1] = async call =>
        {
            timer = device.NewTimer(_ =>
            {
                shots++;
                flag.Raise();
                return SysResult.Ok();
            });
            timer.Start(device.NowNs, Ms);
            await flag.Wait(call);
            await flag.Wait(call);
            int before = shots;
            timer.Destroy();
            await call.Sleep(3 * Ms);
            return shots - before;
        };
        device.InBand[2] = _ =>
        {
            Assert.Throws<InvalidOperationException>(() => timer!.Start(device.NowNs));
            Assert.Throws<ArgumentOutOfRangeException>(() => device.NewTimer(_ => SysResult.Ok()).Start(0, -1));
            return SysResult.Ok();
        };
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
    });
}
