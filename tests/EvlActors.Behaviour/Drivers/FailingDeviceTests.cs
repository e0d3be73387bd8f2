using EvlActors.Behaviour.InBand;
using EvlActors.Drivers;
using Xunit;
using static EvlActors.MachineEventKind;

namespace EvlActors.Behaviour;

/// <summary>Devices that fail, row by row of the specification's section q.</summary>
public abstract class FailingDeviceTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const string Fragile = "/dev/fragile";

    private const PollEvents All = (PollEvents)0xffff;
    private const PollEvents OfFailed = PollEvents.Err | PollEvents.Hup | PollEvents.Default;

    private static readonly FileOperation[] s_operations =
    [
        FileOperation.Read, FileOperation.Write, FileOperation.Ioctl, FileOperation.OobRead, FileOperation.OobWrite,
        FileOperation.OobIoctl, FileOperation.Llseek, FileOperation.Fsync, FileOperation.Fasync, FileOperation.Mmap,
    ];

    [Theory, Trait("Rule", "q-1"), Trait("Rule", "q-6")]
    [InlineData(FileOperation.Read)]
    [InlineData(FileOperation.Write)]
    [InlineData(FileOperation.Ioctl)]
    [InlineData(FileOperation.OobRead)]
    [InlineData(FileOperation.OobWrite)]
    [InlineData(FileOperation.OobIoctl)]
    [InlineData(FileOperation.CompatIoctl)]
    [InlineData(FileOperation.CompatOobIoctl)]
    [InlineData(FileOperation.Llseek)]
    [InlineData(FileOperation.Fsync)]
    [InlineData(FileOperation.Fasync)]
    [InlineData(FileOperation.Mmap)]
    public Task Operation_Throws_EioForItAndAllThatFollow(FileOperation throws) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) =
            await Start(s, device, is32Bit: throws is FileOperation.CompatIoctl or FileOperation.CompatOobIoctl);
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal(Errno.EIO, (await Call(throws)).Errno);
        Assert.Equal(Errno.EIO, (await Call(throws)).Errno);
        foreach (FileOperation operation in s_operations)
            Assert.Equal(Errno.EIO, (await Call(operation)).Errno);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(dup, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(dup));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(0, device.Closings);
        MachineEvent failed = Assert.Single(s.Of(DeviceFailed));
        Assert.Contains(throws.ToString(), failed.Detail, StringComparison.Ordinal);
        s.AssertOrder(
            e => e.Kind == DeviceFailed,
            e => e.Kind == CallAnswered && e.Tid == failed.Tid && e.Call == failed.Call);
        Assert.Equal(fd, await t.OpenAsync(Fragile));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, new byte[1]));
        s.AssertSound(everythingClosed: false);

        ValueTask<SysResult> Call(FileOperation operation) => operation switch
        {
            FileOperation.Llseek => t.LseekAsync(fd, 0),
            FileOperation.Fsync => t.FsyncAsync(fd),
            FileOperation.Fasync => t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Async),
            FileOperation.Mmap => Map(t, fd),
            FileOperation.Read => t.ReadAsync(fd, new byte[1]),
            FileOperation.Write => t.WriteAsync(fd, new byte[1]),
            FileOperation.Ioctl or FileOperation.CompatIoctl => t.IoctlAsync(fd, 99),
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

    [Theory, Trait("Rule", "q-1"), Trait("Rule", "q-2")]
    [InlineData(FileOperation.Poll)]
    [InlineData(FileOperation.OobPoll)]
    public Task Poll_Throws_EverythingAtOnce(FileOperation throws) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, All).OrThrow();
        PollFd[] fds = [new(fd, All)];
        var found = new EvlPollEvent[1];
        for (int i = 0; i < 2; i++)
        {
            if (throws == FileOperation.Poll || i > 0)
            {
                Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
                Assert.Equal(OfFailed, fds[0].Revents);
            }
            if (throws == FileOperation.OobPoll || i > 0)
            {
                Assert.Equal(1, (await oob.EvlPollAsync(set, found)).OrThrow());
                Assert.Equal(OfFailed, found[0].Events);
            }
        }
        MachineEvent failed = Assert.Single(s.Of(DeviceFailed));
        Assert.Contains(throws.ToString(), failed.Detail, StringComparison.Ordinal);
        Assert.Equal(throws == FileOperation.Poll ? t.Tid : oob.Tid, failed.Tid);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-2")]
    public Task Device_FailsWhileItIsPolled_EverybodyIsTold() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read, Ready = PollEvents.None };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        UserThread poller = t.Process.CreateThread();
        UserThread selector = t.Process.CreateThread();
        UserThread epoller = t.Process.CreateThread();
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        int epoll = await t.EpollCreate1Async().OrThrow();
        await t.EpollCtlAsync(epoll, EpollOp.Add, fd, new EpollEvent(PollEvents.In, 7)).OrThrow();
        PollFd[] fds = [new(fd, PollEvents.None)];
        var found = new EvlPollEvent[1];
        var events = new EpollEvent[1];
        var read = new FdSet();
        read.Set(fd);
        ValueTask<SysResult> polling = poller.PollAsync(fds, -1);
        ValueTask<SysResult> selecting = selector.SelectAsync(fd + 1, read, null, null, null);
        ValueTask<SysResult> waiting = epoller.EpollWaitAsync(epoll, events, -1);
        ValueTask<SysResult> oobPolling = oob.EvlPollAsync(set, found);
        foreach (UserThread asleep in new[] { poller, selector, epoller, oob })
            await s.UntilAsleep(asleep);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(1, await polling);
        Assert.Equal(PollEvents.Err | PollEvents.Hup, fds[0].Revents);
        Assert.Equal(1, await selecting);
        Assert.Equal(1, await waiting);
        Assert.Equal(new EpollEvent(PollEvents.In | PollEvents.Err | PollEvents.Hup, 7), events[0]);
        Assert.Equal(1, await oobPolling);
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, found[0].Events);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-2")]
    public Task Poll_FailedDeviceWithoutPoll_ErrAndHup() => Play(async s =>
    {
        s.Machine.AddDevice(Fragile, static () => new SilentDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync(Fragile).OrThrow();
        PollFd[] fds = [new(fd, All)];
        Assert.Equal(1, await t.PollAsync(fds, 0));
        Assert.Equal(PollEvents.Default, fds[0].Revents);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        foreach (int timeout in new[] { 0, -1 })
        {
            Assert.Equal(1, await t.PollAsync(fds, timeout));
            Assert.Equal(OfFailed, fds[0].Revents);
        }
        fds[0] = new(fd, PollEvents.None);
        Assert.Equal(1, await t.PollAsync(fds, 0));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Theory, Trait("Rule", "q-1"), Trait("Rule", "q-2")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Transfer_MemoryThatThrows_TheDeviceFails(bool isPipe) => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] ends = new int[2];
        int other = 0;
        if (isPipe)
        {
            await t.PipeAsync(ends).OrThrow();
            other = ends[0];
        }
        else
        {
            await t.InitAsync().OrThrow();
            ends[1] = other = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        }
        using var gone = new GoneMemory();
        Assert.Equal(Errno.EIO, (await t.WriteAsync(ends[1], new UserBuffer(gone.Memory))).Errno);
        Assert.Single(s.Of(DeviceFailed));
        PollFd[] fds = [new(other, PollEvents.In)];
        Assert.Equal(1, await t.PollAsync(fds, 0));
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, fds[0].Revents);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(other, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(other));
    });

    [Fact, Trait("Rule", "q-1"), Trait("Rule", "q-6")]
    public Task Sleeper_ThrowsOnItsWayOut_EioAndOneFailure() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Write };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.SleepAndThrow);
        await s.UntilAsleep(oob);
        Assert.Equal(Errno.EIO, (await t.WriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(1, device.Cleaned);
        Assert.Single(s.Of(DeviceFailed));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact, Trait("Rule", "q-4")]
    public Task TimersAndKernelThreads_DeviceFails_TheyEnd() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, _, int fd) = await Start(s, device);
        await t.IoctlAsync(fd, FragileDevice.StartTimerAndThread).OrThrow();
        await s.Until(e => e.Kind == CallAsleep && e.Tid == 0);
        await t.PollAsync(Array.Empty<PollFd>(), 2).OrThrow();
        Assert.NotEqual(0, device.Ticks);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal([SysResult.Error(Errno.EIO)], device.Woken);
        int ticks = device.Ticks;
        await t.PollAsync(Array.Empty<PollFd>(), 5).OrThrow();
        Assert.Equal((ticks, 1), (device.Ticks, device.Cleaned));
    });

    [Theory, Trait("Rule", "q-3")]
    [InlineData(FileOperation.Flush, Errno.EIO)]
    [InlineData(FileOperation.Release, Errno.None)]
    public Task ClosingHandlerAsleep_DeviceFails_CloseEnds(FileOperation asleep, Errno answer) => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read, SleepsIn = asleep };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int other = await t.OpenAsync(Fragile).OrThrow();
        UserThread closer = t.Process.CreateThread();
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.SleepDeep);
        await s.UntilAsleep(oob);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.UntilAsleep(closer);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(other, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(answer, (await closing).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(other));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-3")]
    public Task Close_AgainstAFailure_AlwaysSucceeds() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read };
        (UserThread t, UserThread _, int fd) = await Start(s, device);
        int other = await t.OpenAsync(Fragile).OrThrow();
        UserThread closer = t.Process.CreateThread();
        ValueTask<SysResult> failing = t.ReadAsync(fd, new byte[1]);
        // Its flush may reach the device before, after, or just as it stops.
        Assert.Equal(SysResult.Ok(), await closer.CloseAsync(other));
        Assert.Equal(Errno.EIO, (await failing).Errno);
        Assert.Equal(fd, await closer.Dup2Async(0, fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "q-5")]
    public Task Open_ThrowsBesideOtherFiles_TheyFailToo() => Play(async s =>
    {
        var device = new FragileDevice();
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.Sleep);
        await s.UntilAsleep(oob);
        device.Throws = FileOperation.Open;
        Assert.Equal(Errno.EIO, (await t.OpenAsync(Fragile)).Errno);
        Assert.Equal(Errno.EIO, (await sleeping).Errno);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        int fresh = await t.OpenAsync(Fragile).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fresh, new byte[1]));
        Assert.Single(s.Of(DeviceFailed));
        await t.Process.ExitAsync().OrThrow();
        s.AssertSound(everythingClosed: true);
    });

    [Theory, Trait("Rule", "q-3")]
    [InlineData(FileOperation.Flush)]
    [InlineData(FileOperation.Release)]
    [InlineData(FileOperation.VmClose)]
    public Task ProcessEnds_ClosingHandlerThrows_EveryFileIsGone(FileOperation throws) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        await t.OpenAsync(Fragile).OrThrow();
        (await t.MmapAsync(fd, EvlMapping.PageBytes)).OrThrow();
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, FragileDevice.SleepDeep);
        await s.UntilAsleep(oob);
        // The process waits for its uninterruptible sleeper, which another one's failure ends.
        UserThread other = s.Machine.CreateProcess().CreateThread();
        int theirs = await other.OpenAsync(Fragile).OrThrow();
        ValueTask<SysResult> exiting = t.Process.ExitAsync();
        device.Throws = FileOperation.Read;
        Assert.Equal(Errno.EIO, (await other.ReadAsync(theirs, new byte[1])).Errno);
        Assert.Contains((await sleeping).Errno, new[] { Errno.EIO, Errno.EINTR });
        Assert.Equal(SysResult.Ok(), await exiting);
        Assert.Equal(SysResult.Ok(), await other.CloseAsync(theirs));
        s.AssertSound(everythingClosed: true);
    });

    [Theory, Trait("Rule", "q-3")]
    [InlineData(FileOperation.Flush)]
    [InlineData(FileOperation.Release)]
    [InlineData(FileOperation.VmClose)]
    public Task ProcessEnds_ClosingHandlerThrowsFirst_EveryFileIsGone(FileOperation throws) => Play(async s =>
    {
        var device = new FragileDevice { Throws = throws };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int second = await t.OpenAsync(Fragile).OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, EvlMapping.PageBytes)).OrThrow();
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(second, FragileDevice.Sleep);
        await s.UntilAsleep(oob);
        if (throws == FileOperation.VmClose)
            Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, mapping.Length));
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.Contains((await sleeping).Errno, new[] { Errno.EIO, Errno.EINTR });
        Assert.Single(s.Of(DeviceFailed));
        s.AssertSound(everythingClosed: true);
        UserThread other = s.Machine.CreateProcess().CreateThread();
        int fresh = await other.OpenAsync(Fragile).OrThrow();
        Assert.Equal(SysResult.Ok(), await other.ReadAsync(fresh, new byte[1]));
    });

    [Fact, Trait("Rule", "q-6")]
    public Task Failure_Logged_OnceWithDeviceOperationCallerAndCause()
    {
        var log = new FailureLog();
        return Play(
            async s =>
            {
                log.Lines.Clear();
                var device = new FragileDevice { Throws = FileOperation.OobWrite };
                (UserThread t, UserThread oob, int fd) = await Start(s, device);
                for (int i = 0; i < 3; i++)
                    Assert.Equal(Errno.EIO, (await oob.OobWriteAsync(fd, new byte[1])).Errno);
                await t.CloseAsync(fd).OrThrow();
                // The log is written behind the calls; it is whole when the machine has ended.
                await s.Machine.DisposeAsync();
                string line = Assert.Single(log.Lines);
                foreach (string part in new[] { Fragile, "OobWrite", $"thread {oob.Tid} of process {oob.Process.Pid}", "planted" })
                    Assert.Contains(part, line, StringComparison.Ordinal);
            },
            new EvlMachineOptions { LoggerFactory = log });
    }

    [Fact, Trait("Rule", "q-5")]
    public Task Constructor_ThrowsOrMakesAnother_OperationsAreOfTheDriverThatWasMade() => Play(async s =>
    {
        int made = 0;
        s.Machine.AddDevice<CharDevice>(Fragile, () => ++made switch
        {
            1 or 2 => throw new InvalidOperationException("planted"),
            3 => new FragileDevice { Throws = FileOperation.Read },
            _ => new OobOnlyDevice(),
        });
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        Assert.Equal(Errno.EIO, (await t.OpenAsync(Fragile)).Errno);
        int first = await t.OpenAsync(Fragile).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.WriteAsync(first, new byte[1]));
        Assert.Equal(SysResult.Ok(), await t.OobWriteAsync(first, new byte[1]));
        Assert.Equal(Errno.EIO, (await t.ReadAsync(first, new byte[1])).Errno);
        int second = await t.OpenAsync(Fragile).OrThrow();
        Assert.Equal(1, await t.ReadAsync(second, new byte[1]));
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(second, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await t.WriteAsync(first, new byte[1])).Errno);
        Assert.Equal(2, s.Of(DeviceFailed).Count());
    });

    [Fact, Trait("Rule", "q-2"), Trait("Rule", "q-3")]
    public Task FailedFile_WatchedAndClosed_WatchersForgetIt() => Play(async s =>
    {
        var device = new FragileDevice { Throws = FileOperation.Read, Ready = PollEvents.None };
        (UserThread t, UserThread oob, int fd) = await Start(s, device);
        int set = await t.NewPollAsync().OrThrow();
        int before = await t.EpollCreate1Async().OrThrow();
        int after = await t.EpollCreate1Async().OrThrow();
        int edge = await t.EpollCreate1Async().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        await t.EpollCtlAsync(before, EpollOp.Add, fd, new EpollEvent(PollEvents.In, 1)).OrThrow();
        await t.EpollCtlAsync(edge, EpollOp.Add, fd, new EpollEvent(PollEvents.In | PollEvents.EpollEt, 1)).OrThrow();
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        await t.EpollCtlAsync(after, EpollOp.Add, fd, new EpollEvent(PollEvents.Out, 2)).OrThrow();
        var events = new EpollEvent[2];
        var found = new EvlPollEvent[2];
        Assert.Equal(1, await t.EpollWaitAsync(before, events, 0));
        Assert.Equal(1, await t.EpollWaitAsync(before, events, 0));
        Assert.Equal(1, await t.EpollWaitAsync(after, events, 0));
        Assert.Equal(PollEvents.Out | PollEvents.Err | PollEvents.Hup, events[0].Events);
        Assert.Equal(1, await t.EpollWaitAsync(edge, events, 0));
        Assert.Equal(0, (await t.EpollWaitAsync(edge, events, 0)).OrThrow());
        Assert.Equal(1, await oob.EvlPollAsync(set, found));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        foreach (int epoll in new[] { before, after, edge })
            Assert.Equal(0, (await t.EpollWaitAsync(epoll, events, 0)).OrThrow());
        Assert.Equal(Errno.EBADF, (await oob.EvlPollAsync(set, found)).Errno);
        // The number is free for another file, also there.
        Assert.Equal(fd, await t.OpenAsync(Fragile));
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(before, EpollOp.Add, fd, new EpollEvent(PollEvents.In, 3)));
        Assert.Equal(1, await t.EpollWaitAsync(before, events, 0));
        Assert.Equal(new EpollEvent(PollEvents.In, 3), events[0]);
        await t.Process.ExitAsync().OrThrow();
        s.AssertSound(everythingClosed: true);
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
        // No flush of this device throws.
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Contains((await opening).Errno, new[] { Errno.EIO, Errno.None });
        await t.Process.ExitAsync().OrThrow();
        s.AssertSound(everythingClosed: true);
    });

    private static async ValueTask<SysResult> Map(UserThread t, int fd) => (await t.MmapAsync(fd, EvlMapping.PageBytes)).Errno;

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, FragileDevice device, bool is32Bit = false)
    {
        FragileDevice? first = device;
        s.Machine.AddDevice(Fragile, () => Interlocked.Exchange(ref first, null) ?? new FragileDevice());
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = is32Bit });
        UserThread inBand = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (inBand, oob, await inBand.OpenAsync(Fragile).OrThrow());
    }

    // Has no poll operation, and a read that throws.
    private sealed class SilentDevice : CharDevice
    {
        protected internal override IoTask Read(IoCall call) => throw new InvalidOperationException("planted");
    }
}
