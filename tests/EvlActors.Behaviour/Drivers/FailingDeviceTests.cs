using EvlActors.Drivers;
using Xunit;
using static EvlActors.MachineEventKind;

namespace EvlActors.Behaviour;

/// <summary>Devices that fail, row by row of the specification's section q.</summary>
public abstract class FailingDeviceTests : MachineTests
{
    private const string Fragile = "/dev/fragile";

    [Theory, Trait("Rule", "q-1"), Trait("Rule", "q-6")]
    [InlineData(FileOperation.Read)]
    [InlineData(FileOperation.Write)]
    [InlineData(FileOperation.Ioctl)]
    [InlineData(FileOperation.OobRead)]
    [InlineData(FileOperation.OobWrite)]
    [InlineData(FileOperation.OobIoctl)]
    public Task Operation_Throws_EioForItAndAllThatFollow(FileOperation throws) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        Assert.Equal(Errno.EIO, (await Call(throws)).Errno);
        Assert.Equal(Errno.EIO, (await Call(throws)).Errno);
        Assert.Equal(Errno.EIO, (await Call(FileOperation.Read)).Errno);
        Assert.Equal(Errno.EIO, (await Call(FileOperation.OobRead)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(0, device.Closings);
        MachineEvent failed = Assert.Single(s.Of(DeviceFailed));
        Assert.Contains(throws.ToString(), failed.Detail, StringComparison.Ordinal);
        s.AssertOrder(
            e => e.Kind == DeviceFailed,
            e => e.Kind == CallAnswered && e.Tid == failed.Tid && e.Call == failed.Call);
        s.AssertSound(everythingClosed: false);

        ValueTask<SysResult> Call(FileOperation operation) => operation switch
        {
            FileOperation.Read => t.ReadAsync(fd, new byte[1]),
            FileOperation.Write => t.WriteAsync(fd, new byte[1]),
            FileOperation.Ioctl => t.IoctlAsync(fd, 99),
            FileOperation.OobRead => oob.OobReadAsync(fd, new byte[1]),
            FileOperation.OobWrite => oob.OobWriteAsync(fd, new byte[1]),
            _ => oob.OobIoctlAsync(fd, 99),
        };
    });

    [Fact, Trait("Rule", "q-5")]
    public Task Open_Throws_EioAndNothingIsLeft() => Play(async s =>
    {
        int made = 0;
        s.Machine.AddDevice(Fragile, () => new FragileDevice { Throws = ++made == 1 ? FileOperation.Open : null });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EIO, (await t.OpenAsync(Fragile)).Errno);
        Assert.Equal(3, await t.OpenAsync(Fragile));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(3, new byte[1]));
        Assert.Single(s.Of(HookInstall));
        Assert.Single(s.Of(DeviceFailed));
    });

    [Fact, Trait("Rule", "q-5")]
    public Task Constructor_Throws_EioUntilItDoesNot() => Play(async s =>
    {
        int made = 0;
        s.Machine.AddDevice(Fragile, () => ++made <= 2 ? throw new InvalidOperationException("planted") : new FragileDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EIO, (await t.OpenAsync(Fragile)).Errno);
        Assert.Equal(3, await t.OpenAsync(Fragile));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(3));
    });

    [Theory, Trait("Rule", "q-1"), Trait("Rule", "q-3")]
    [InlineData(FileOperation.Flush, Errno.EIO)]
    [InlineData(FileOperation.Release, Errno.None)]
    public Task FlushOrRelease_Throws_CloseWorksAndSleepersLeave(FileOperation throws, Errno close) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.Sleep);
        await s.UntilAsleep(oob);
        Assert.Equal(close, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(1, device.Cleaned);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
        s.AssertOrder(
            e => e.Kind == OobReferencePut && e.Tid == oob.Tid && e.Nr == SyscallNumber.OobIoctl,
            e => e.Kind == ReleaseDone,
            e => e.Kind == CallAnswered && e.Nr == SyscallNumber.Close && e.Result.Errno == close && e.Result != Errno.EBADF);
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "q-1")]
    [InlineData(FragileDevice.ThrowInTimer, "timer")]
    [InlineData(FragileDevice.ThrowInThread, "thrower")]
    public Task TimerOrKernelThread_Throws_SleepersGetEioOnce(uint how, string detail) => Play(async s =>
    {
        var device = new FragileDevice();
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        UserThread deep = await s.OobThread(t.Process);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.Sleep);
        ValueTask<SysResult> sleepingDeep = deep.OobIoctlAsync(fd, FragileDevice.SleepDeep);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(deep);
        await t.IoctlAsync(fd, how);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(Errno.EIO, (await sleepingDeep).Errno);
        Assert.Equal(2, device.Cleaned);
        Assert.Equal([SysResult.Error(Errno.EIO), SysResult.Error(Errno.EIO)], device.Woken);
        Assert.Contains(detail, Assert.Single(s.Of(DeviceFailed)).Detail, StringComparison.Ordinal);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-1")]
    public Task Sleeper_WaitsAgain_IsThrownOut() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.SleepAlways);
        await s.UntilAsleep(oob);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal([SysResult.Error(Errno.EIO)], device.Woken);
        Assert.Single(s.Of(DeviceFailed));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact, Trait("Rule", "D-3")]
    public Task Sleeper_WaitsAgainWhileItsFileIsReleased_EidrmAndTheDeviceIsWell() => Play(async s =>
    {
        var device = new FragileDevice();
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int other = await t.OpenAsync(Fragile).OrThrow();
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.SleepAlways);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(Errno.EIDRM, (await sleeping).Errno);
        // Flushed, then refused once; the third attempt throws.
        Assert.Equal([SysResult.Error(Errno.EIDRM), SysResult.Error(Errno.EIDRM)], device.Woken);
        Assert.Empty(s.Of(DeviceFailed));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(other, new byte[1]));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-1")]
    public Task Sleeper_WokenInTheTurnThatFails_GoesOnToItsEnd() => Play(async s =>
    {
        var device = new FragileDevice();
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.Sleep);
        await s.UntilAsleep(oob);
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, FragileDevice.WakeAndThrow)).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(1, device.Cleaned);
        Assert.Equal([SysResult.Ok()], device.Woken);
    });

    [Fact, Trait("Rule", "q-1")]
    public Task Handler_AwaitsForeign_IsAbandoned()
    {
        return Play(async s =>
        {
            var never = new TaskCompletionSource();
            var device = new FragileDevice { Throws = FileOperation.Read, Foreign = never.Task };
            (UserThread t, UserThread oob, int fd) = await Start(s, device);
            ValueTask<SysResult> waiting = oob.OobIoctlAsync(fd, FragileDevice.AwaitForeign);
            await s.Until(e => e.Kind == CallRouted && e.Tid == oob.Tid && e.Nr == SyscallNumber.OobIoctl);
            Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
            Assert.Equal(Errno.EIO, (await waiting).Errno);
            Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
            // What comes too late is ignored.
            never.SetResult();
            Assert.Equal(4, await t.OpenAsync(Fragile));
            s.AssertSound(everythingClosed: false);
        });
    }

    [Fact, Trait("Rule", "q-4")]
    public Task Device_HoldsFiles_TheyArePutAndCloseOfThemEnds() => Play(async s =>
    {
        var gated = new GatedDevice();
        s.Machine.AddDevice("/dev/gated", () => gated);
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        UserThread closer = t.Process.CreateThread();
        int held = await t.OpenAsync("/dev/gated").OrThrow();
        await oob.OobIoctlAsync(fd, FragileDevice.Keep, held).OrThrow();
        ValueTask<SysResult> closing = closer.CloseAsync(held);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(closing.IsCompleted);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal((1, 0), (gated.Dismantled, gated.Overrun));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-3"), Trait("Rule", "q-4")]
    public Task Device_HoldsItsOwnFileBeingReleased_CloseEnds() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        UserThread closer = t.Process.CreateThread();
        int other = await t.OpenAsync(Fragile).OrThrow();
        await oob.OobIoctlAsync(fd, FragileDevice.Keep, other).OrThrow();
        ValueTask<SysResult> closing = closer.CloseAsync(other);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-1"), Trait("Rule", "q-4")]
    public Task Handler_AsleepAtACrossBuffer_IsInterruptedThere() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int xbuf = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        // Not awaited: the failure may find the transfer asleep at the buffer or still on its way.
        ValueTask<SysResult> reading = oob.OobIoctlAsync(fd, FragileDevice.ReadXbuf, xbuf);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(xbuf));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-2"), Trait("Rule", "q-5")]
    public Task Reopen_AfterFailure_FreshDeviceBesideTheOldFile() => Play(async s =>
    {
        int made = 0;
        s.Machine.AddDevice(Fragile, () => new FragileDevice { Throws = ++made == 1 ? FileOperation.Read : null });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int old = await t.OpenAsync(Fragile).OrThrow();
        Assert.Equal(Errno.EIO, (await t.ReadAsync(old, new byte[1])).Errno);
        int fresh = await t.OpenAsync(Fragile).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fresh, new byte[1]));
        Assert.Equal(Errno.EIO, (await t.ReadAsync(old, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(old));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fresh, new byte[1]));
        Assert.Equal(2, made);
    });

    [Fact, Trait("Rule", "q-3")]
    public Task Failure_AgainstEverything_NobodyHangs() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        UserThread second = await s.OobThread(t.Process);
        UserThread closer = t.Process.CreateThread();
        UserThread opener = t.Process.CreateThread();
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.Sleep);
        ValueTask<SysResult> failing = t.ReadAsync(fd, new byte[1]);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        ValueTask<SysResult> sleeping2 = second.OobIoctlAsync(fd, FragileDevice.SleepDeep);
        ValueTask<SysResult> opening = opener.OpenAsync(Fragile);
        Assert.Contains((await sleeping).Errno, new[] { Errno.EIO, Errno.EIDRM, Errno.EBADF });
        Assert.Contains((await sleeping2).Errno, new[] { Errno.EIO, Errno.EIDRM, Errno.EBADF });
        Assert.Contains((await failing).Errno, new[] { Errno.EIO, Errno.EBADF });
        Assert.Contains((await closing).Errno, new[] { Errno.EIO, Errno.None });
        Assert.Contains((await opening).Errno, new[] { Errno.EIO, Errno.None });
        await t.Process.ExitAsync().OrThrow();
        s.AssertSound(everythingClosed: true);
    });

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, FragileDevice device)
    {
        FragileDevice? first = device;
        s.Machine.AddDevice(Fragile, () => Interlocked.Exchange(ref first, null) ?? new FragileDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (inBand, oob, await inBand.OpenAsync(Fragile).OrThrow());
    }
}
