using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Kernel threads: their names, how they run, and how they are stopped.</summary>
public abstract class KernelThreadTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C283"), Trait("Rule", "M")]
    public Task Run_NameTaken_Eexist_FreeAfterItsEnd() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var other = new OpenDevice();
        s.Machine.AddDevice("/dev/other", () => other);
        int otherFd = await t.OpenAsync("/dev/other").OrThrow();
        device.InBand[1] = async call => await device.Run("worker", Sleeper).Started(call);
        other.InBand[1] = async call => await other.Run("worker", Sleeper).Started(call);
        KernelThread? worker = null;
        device.InBand[2] = async call =>
        {
            worker = device.Run("first", Sleeper);
            return await worker.Started(call);
        };
        device.InBand[3] = call => worker!.Stop(call);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 1));
        Assert.Equal(Errno.EEXIST, (await t.IoctlAsync(fd, 1)).Errno);
        Assert.Equal(Errno.EEXIST, (await t.IoctlAsync(otherFd, 1)).Errno);
        // One class of names with the attached threads.
        UserThread user = t.Process.CreateThread(SchedPolicy.Fifo, 1);
        Assert.Equal(Errno.EEXIST, (await user.AttachAsync("/worker")).Errno);
        await user.AttachAsync("/first").OrThrow();
        Assert.Equal(Errno.EEXIST, (await oob.OobIoctlAsync(fd, 2)).Errno);
        Assert.True(worker!.HasEnded);
        Assert.Equal(Errno.EEXIST, worker.Result.Errno);
        await user.DetachAsync().OrThrow();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 3));
        }
        await user.AttachAsync("/first").OrThrow();
    });

    [Theory, Trait("Case", "C283"), Trait("Rule", "M")]
    [InlineData("a", 0, 0)]
    [InlineData("a", 100, 0)]
    [InlineData("a", 30, -1)]
    [InlineData("a", 30, 2)]
    [InlineData("", 30, 0)]
    [InlineData("/a/b", 30, 0)]
    public Task Run_BadArgument_EinvalAndNoBody(string name, int priority, int cpu) => Play(
        async s =>
        {
            (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
            bool hasRun = false;
            KernelThread? thread = null;
            device.InBand[1] = async call =>
            {
                thread = device.Run(name, _ =>
                {
                    hasRun = true;
                    return SysResult.Ok();
                }, priority, cpu);
                SysResult started = await thread.Started(call);
                await thread.Join(call);
                return started;
            };
            Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(fd, 1)).Errno);
            Assert.True(thread!.HasEnded);
            Assert.False(hasRun);
        },
        new EvlMachineOptions { OnlineCpus = 2 });

    [Fact, Trait("Rule", "M")]
    public Task Run_LastCpu_Runs() => Play(
        async s =>
        {
            (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
            device.InBand[1] = async call =>
            {
                KernelThread thread = device.Run("a", self => SysResult.Ok(self.Cpu), priority: 99, cpu: 1);
                await thread.Join(call);
                return thread.Result;
            };
            Assert.Equal(1, (await t.IoctlAsync(fd, 1)).Value);
        },
        new EvlMachineOptions { OnlineCpus = 2 });

    [Fact]
    public Task Machine_NoCpu_Refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvlMachine(new EvlMachineOptions { OnlineCpus = 0 }));
        return Task.CompletedTask;
    }

    [Fact, Trait("Case", "C283"), Trait("Rule", "M")]
    public Task Stop_IsAdvisory_WaitsUntilTheBodyLooks() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueue();
        var sleeps = new List<SysResult>();
        KernelThread? thread = null;
        device.InBand[1] = async call =>
        {
            thread = device.Run("stubborn", async self =>
            {
                // The first sleep ends with EINTR; the second is its own business.
                sleeps.Add(await queue.Wait(self));
                sleeps.Add(await queue.Wait(self));
                return self.ShouldStop ? 7 : 0;
            });
            return await thread.Started(call);
        };
        device.InBand[2] = call => thread!.Stop(call);
        device.InBand[3] = _ =>
        {
            queue.WakeAll();
            return SysResult.Ok();
        };
        await t.IoctlAsync(fd, 1).OrThrow();
        ValueTask<SysResult> stopping = oob.OobIoctlAsync(fd, 2);
        await s.UntilAsleep(oob);
        Assert.False(thread!.HasEnded);
        Assert.False(stopping.IsCompleted);
        // In-band-ranked, so the thread sleeps its second sleep by now.
        await t.IoctlAsync(fd, 3).OrThrow();
        Assert.Equal(SysResult.Ok(), await stopping);
        Assert.Equal([SysResult.Error(Errno.EINTR), SysResult.Ok()], sleeps);
        Assert.Equal(7, thread.Result.Value);
        // One that has ended is stopped at once.
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
    });

    [Fact, Trait("Case", "C283"), Trait("Rule", "M")]
    public Task Stop_Itself_DoesNotReturn_FinallyRuns_DeviceLives() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var steps = new List<string>();
        device.InBand[1] = async call =>
        {
            KernelThread thread = device.Run("suicide", async self =>
            {
                try
                {
                    Assert.Equal(Errno.EDEADLK, (await self.Join(self)).Errno);
                    steps.Add("stop");
                    await self.Stop(self);
                    steps.Add("returned");
                }
                finally
                {
                    steps.Add("finally");
                }
                return 5;
            });
            await thread.Join(call);
            return thread.Result;
        };
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 1));
        Assert.Equal(["stop", "finally"], steps);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
        // Its name is free.
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 1));
    });

    [Fact, Trait("Rule", "M"), Trait("Rule", "D-3")]
    public Task Stop_InTheReleaseOfItsDevice_CloseWaitsForItsEnd() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var bell = new WaitQueue();
        KernelThread? worker = null;
        bool wasCleaned = false;
        device.InBand[1] = call =>
        {
            worker = device.Run("worker", async self =>
            {
                while (!self.ShouldStop)
                    await bell.Wait(self);
                await self.Sleep(1_000_000);
                wasCleaned = true;
                return 0;
            });
            return worker.Started(call);
        };
        device.OnRelease = call => worker!.Stop(call);
        await t.IoctlAsync(fd, 1).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.True(wasCleaned && worker!.HasEnded);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed, MachineEventKind.DriverWarning));
        // Its name is free, the device lives.
        fd = await t.OpenAsync(OpenDevice.Path).OrThrow();
        await t.IoctlAsync(fd, 1).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact, Trait("Rule", "M")]
    public Task Stop_BeforeItsBodyHasBegun_OrRefused_ReturnsAtOnce() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        bool slept = false;
        device.InBand[1] = async call =>
        {
            KernelThread early = device.Run("early", async self =>
            {
                if (self.ShouldStop)
                    return 5;
                slept = true;
                return await new WaitQueue().Wait(self);
            });
            await early.Stop(call);
            KernelThread refused = device.Run("early/late", _ => SysResult.Ok(), priority: 0);
            await refused.Stop(call);
            await refused.Join(call);
            return early.Result;
        };
        SysResult result = await t.IoctlAsync(fd, 1);
        Assert.True(slept ? result == Errno.EINTR : result == 5, result.ToString());
    });

    [Fact, Trait("Rule", "M")]
    public Task Unblock_Asleep_Eintr() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var flag = new EvlFlag();
        KernelThread? thread = null;
        device.InBand[1] = async call =>
        {
            thread = device.Run("a", self => flag.Wait(self));
            return await thread.Started(call);
        };
        device.InBand[2] = async call =>
        {
            thread!.Unblock();
            await thread.Join(call);
            return thread.Result;
        };
        await t.IoctlAsync(fd, 1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == 0);
        Assert.Equal(Errno.EINTR, (await t.IoctlAsync(fd, 2)).Errno);
    });

    [Fact, Trait("Rule", "q-4")]
    public Task DeviceFails_ItsThreadsNamesAreFree() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/a", () =>
        {
            var device = new OpenDevice();
            device.InBand[1] = async call => await device.Run("worker", Sleeper).Started(call);
            device.InBand[2] = _ => throw new InvalidOperationException("planted");
            return device;
        });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/a").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 1));
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, 2)).Errno);
        // The thread ends in a turn of its own, soon after.
        SysResult again;
        do
        {
            again = await t.IoctlAsync(await t.OpenAsync("/dev/a").OrThrow(), 1);
        }
        while (again.Errno == Errno.EEXIST);
        Assert.Equal(SysResult.Ok(), again);
    });

    private static async IoTask Sleeper(KernelThread self)
    {
        var queue = new WaitQueue();
        while (!self.ShouldStop)
            await queue.Wait(self);
        return 0;
    }
}
