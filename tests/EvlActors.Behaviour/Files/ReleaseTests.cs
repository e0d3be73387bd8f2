using EvlActors.Drivers;
using Xunit;
using static EvlActors.MachineEventKind;

namespace EvlActors.Behaviour;

/// <summary>Open files from the first reference to the last: flush, release, the crossing, and who waits for whom.</summary>
public abstract class ReleaseTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const string Gated = "/dev/gated";
    private const string Holder = "/dev/holder";

    [Fact, Trait("Case", "C094"), Trait("Rule", "D-3")]
    public Task CloseLastFd_DriverFlushes_EventsInOrder() => Play(async s =>
    {
        (UserThread closer, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await closer.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await closer.CloseAsync(fd));
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        long file = s.FileAt(fd);
        s.AssertOrder(
            e => e.Kind == HookUninstall && e.File == file,
            e => e.Kind == FlushBegun && e.File == file,
            e => e.Kind == InBandReferencePut && e.File == file && e.Count == 0,
            e => e.Kind == ReleaseBegun && e.File == file,
            e => e.Kind == CallWoken && e.Tid == reader.Tid && e.Result == Errno.EIDRM,
            e => e.Kind == OobReferencePut && e.File == file && e.Tid == reader.Tid,
            e => e.Kind == ReleaseOobDone && e.File == file,
            e => e.Kind == ReleaseDone && e.File == file,
            e => e.Kind == CallAnswered && e.Tid == closer.Tid && e.Nr == SyscallNumber.Close);
        Assert.Equal(Errno.EBADF, (await reader.OobReadAsync(fd, new byte[1])).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C093"), Trait("Rule", "D-3")]
    public Task CloseLastFd_DriverDoesNotFlush_WaitsUntilTheReaderIsUnblocked() => Play(async s =>
    {
        (UserThread closer, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice { Flushes = false });
        int fd = await closer.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(closing.IsCompleted);
        reader.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        s.AssertOrder(
            e => e.Kind == ReleaseOobBegun,
            e => e.Kind == CallWoken && e.Tid == reader.Tid,
            e => e.Kind == ReleaseOobDone,
            e => e.Kind == CallAnswered && e.Tid == closer.Tid && e.Nr == SyscallNumber.Close);
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-3"), Trait("Decision", "Z-25")]
    public Task CloseLastFd_DriverDoesNotFlush_WaitsUntilDataEndsTheRead() => Play(async s =>
    {
        (UserThread closer, UserThread reader, _) = await Start(s, new GatedDevice { Flushes = false });
        UserThread giver = closer.Process.CreateThread();
        int fd = await closer.OpenAsync(Gated).OrThrow();
        int other = await closer.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.Equal(2, await giver.IoctlAsync(other, GatedDevice.GiveAll));
        Assert.Equal(1, await reading);
        Assert.Equal(SysResult.Ok(), await closing);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-3")]
    public Task OobReadAfterRelease_WouldSleep_Eidrm() => Play(async s =>
    {
        // Two sleepers of a driver that does not flush; the first is let go on and sleeps again: refused, so close can end.
        (UserThread closer, UserThread reader, _) = await Start(s, new GatedDevice { Flushes = false });
        UserThread second = await s.OobThread(closer.Process);
        UserThread giver = closer.Process.CreateThread();
        int fd = await closer.OpenAsync(Gated).OrThrow();
        int other = await closer.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        ValueTask<SysResult> reading2 = second.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        await s.UntilAsleep(second);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.Equal(2, await giver.IoctlAsync(other, GatedDevice.GiveAll));
        SysResult[] results = [await reading, await reading2];
        Assert.Contains(SysResult.Ok(1), results);
        Assert.Contains(SysResult.Error(Errno.EIDRM), results);
        Assert.Equal(SysResult.Ok(), await closing);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C091"), Trait("Rule", "D-3")]
    public Task CloseOneOfTwo_ReaderAsleep_IsNotDisturbed() => Play(async s =>
    {
        (UserThread closer, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await closer.OpenAsync(Gated).OrThrow();
        int dup = await closer.DupAsync(fd).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await closer.CloseAsync(fd));
        Assert.Equal(0, device.Dismantled);
        Assert.Equal(1, await closer.WriteAsync(dup, new byte[1]));
        Assert.Equal(1, await reading);
        Assert.Equal(Errno.EBADF, (await reader.OobReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(1, await closer.WriteAsync(dup, new byte[1]));
        Assert.Equal(1, await reader.OobReadAsync(dup, new byte[1]));
        Assert.DoesNotContain(s.Events, e => e.Kind == ReleaseBegun);
    });

    [Fact, Trait("Case", "C085")]
    public Task CloseOriginal_DupStays_UninstallOfTheOriginalOnly() => Play(async s =>
    {
        (UserThread t, UserThread reader, _) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        await reader.OobWriteAsync(dup, new byte[1]).OrThrow();
        Assert.Equal(1, await reader.OobReadAsync(dup, new byte[1]));
        MachineEvent uninstall = Assert.Single(s.Of(HookUninstall));
        Assert.Equal(fd, uninstall.Fd);
    });

    [Fact, Trait("Case", "C074"), Trait("Rule", "D-4")]
    public Task Dup2NonOob_ReaderAsleepOnOldFileWithAnotherDup_StaysAsleep() => Play(async s =>
    {
        (UserThread t, UserThread reader, _) = await Start(s, new GatedDevice());
        UserThread second = await s.OobThread(t.Process);
        int fd = await t.OpenAsync(Gated).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        Assert.Equal(fd, await t.Dup2Async(0, fd));
        Assert.Equal(Errno.EBADF, (await second.OobReadAsync(fd, new byte[1])).Errno);
        Assert.False(reading.IsCompleted);
        Assert.Equal(1, await t.WriteAsync(dup, new byte[1]));
        Assert.Equal(1, await reading);
        Assert.DoesNotContain(s.Events, e => e.Kind == ReleaseBegun);
    });

    [Fact, Trait("Case", "C071"), Trait("Decision", "Z-8")]
    public Task Dup2NonOobOverOob_OnlyReplace_IndexEntryIsGone() => Play(async s =>
    {
        (UserThread t, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        Assert.Equal(fd, await t.Dup2Async(0, fd));
        Assert.Equal(1, device.Dismantled);
        Assert.Equal(Errno.EBADF, (await reader.OobReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, new byte[1]));
        Assert.Empty(s.Of(HookUninstall));
        Assert.Equal(fd, Assert.Single(s.Of(HookReplace)).Fd);
    });

    [Fact, Trait("Case", "C072")]
    public Task Dup2OobOverNonOob_OobReadWorks() => Play(async s =>
    {
        (UserThread t, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        Assert.Equal(2, await t.Dup2Async(fd, 2));
        await t.CloseAsync(fd).OrThrow();
        await reader.OobWriteAsync(2, new byte[1]).OrThrow();
        Assert.Equal(1, await reader.OobReadAsync(2, new byte[1]));
        await t.CloseAsync(2).OrThrow();
        Assert.Equal(1, device.Dismantled);
    });

    [Fact, Trait("Case", "C073"), Trait("Rule", "D-3")]
    public Task Dup2OverLastFd_DriverDoesNotFlush_Dup2WaitsAfterTheSwitch() => Play(async s =>
    {
        (UserThread t, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice { Flushes = false });
        UserThread second = await s.OobThread(t.Process);
        int fd = await t.OpenAsync(Gated).OrThrow();
        int b = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        ValueTask<SysResult> replacing = t.Dup2Async(b, fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(replacing.IsCompleted);
        // The slot refers to the new file long before dup2 returns.
        Assert.Equal(1, await second.OobWriteAsync(fd, new byte[1]));
        Assert.Equal(1, await second.OobReadAsync(b, new byte[1]));
        reader.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(fd, await replacing);
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        s.AssertOrder(
            e => e.Kind == HookReplace,
            e => e.Kind == ReleaseBegun,
            e => e.Kind == OobReferencePut && e.Tid == reader.Tid,
            e => e.Kind == ReleaseOobDone,
            e => e.Kind == ReleaseDone,
            e => e.Kind == CallAnswered && e.Nr == SyscallNumber.Dup2);
        Assert.Empty(s.Of(HookUninstall));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-3")]
    public Task Dup2OverLastFd_DriverFlushes_ReaderGetsEidrm() => Play(async s =>
    {
        (UserThread t, UserThread reader, _) = await Start(s, new GatedDevice { FlushAnswer = Errno.EIO });
        int fd = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        // What flush says is lost, unlike with close.
        Assert.Equal(fd, await t.Dup2Async(1, fd));
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C063")]
    public Task Close_Twice_Ebadf() => Play(async s =>
    {
        (UserThread t, _, _) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
    });

    [Theory, Trait("Case", "C064"), Trait("Case", "C065")]
    [InlineData(Errno.EIO, Errno.EIO)]
    [InlineData(Errno.ERESTARTSYS, Errno.EINTR)]
    public Task Close_FlushFails_ErrorAndClosedAnyway(Errno flush, Errno close) => Play(async s =>
    {
        (UserThread t, _, GatedDevice device) = await Start(s, new GatedDevice { FlushAnswer = flush });
        int fd = await t.OpenAsync(Gated).OrThrow();
        Assert.Equal(close, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(1, device.Dismantled);
        Assert.Single(s.Of(FlushBegun));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C092"), Trait("Rule", "D-3")]
    public Task CloseLastFd_OobHandlerBusy_ReleaseWaitsForItsEnd()
    {
        return Play(async s =>
        {
            var busy = new TaskCompletionSource();
            (UserThread t, UserThread worker, GatedDevice device) = await Start(s, new GatedDevice { Busy = busy.Task });
            int fd = await t.OpenAsync(Gated).OrThrow();
            ValueTask<SysResult> working = worker.OobIoctlAsync(fd, GatedDevice.StayBusy);
            await s.Until(e => e.Kind == CallRouted && e.Tid == worker.Tid && e.Nr == SyscallNumber.OobIoctl);
            ValueTask<SysResult> closing = t.CloseAsync(fd);
            await s.Until(e => e.Kind == ReleaseOobBegun);
            Assert.False(closing.IsCompleted);
            busy.SetResult();
            Assert.Equal(SysResult.Ok(), await working);
            Assert.Equal(SysResult.Ok(), await closing);
            Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
            s.AssertOrder(
                e => e.Kind == OobReferencePut && e.Tid == worker.Tid,
                e => e.Kind == ReleaseOobDone,
                e => e.Kind == ReleaseDone,
                e => e.Kind == CallAnswered && e.Nr == SyscallNumber.Close);
        });
    }

    [Fact, Trait("Case", "C099"), Trait("Rule", "D-3")]
    public Task CloseOnlyFd_InBandReadAsleep_ClosesAtOnceAndReleasesWithTheRead() => Play(async s =>
    {
        (UserThread t, _, GatedDevice device) = await Start(s, new GatedDevice());
        UserThread reader = t.Process.CreateThread();
        int fd = await t.OpenAsync(Gated).OrThrow();
        int other = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.ReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Empty(s.Of(ReleaseBegun));
        Assert.False(reading.IsCompleted);
        await t.IoctlAsync(other, GatedDevice.GiveAll).OrThrow();
        Assert.Equal(1, await reading);
        Assert.Equal(1, device.Dismantled);
        s.AssertOrder(
            e => e.Kind == CallAnswered && e.Nr == SyscallNumber.Close,
            e => e.Kind == CallWoken && e.Tid == reader.Tid,
            e => e.Kind == ReleaseBegun && e.Tid == reader.Tid,
            e => e.Kind == ReleaseDone,
            e => e.Kind == CallAnswered && e.Tid == reader.Tid);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C097"), Trait("Rule", "D-2")]
    public Task GetFile_BadDescriptor_NullAndNoReference() => Play(async s =>
    {
        (UserThread t, UserThread holder, _) = await Start(s, new GatedDevice());
        int h = await t.OpenAsync(Holder).OrThrow();
        int closed = await t.OpenAsync(Gated).OrThrow();
        await t.CloseAsync(closed).OrThrow();
        Assert.Equal(Errno.EBADF, (await holder.OobIoctlAsync(h, HolderDevice.Get, -1)).Errno);
        Assert.Equal(Errno.EBADF, (await holder.OobIoctlAsync(h, HolderDevice.Get, closed)).Errno);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(h, HolderDevice.Get, 0)).Errno);
        await t.CloseAsync(h).OrThrow();
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "D-2")]
    [InlineData(true)]
    [InlineData(false)]
    public Task CloseLastFd_HeldByAnotherDriver_WaitsForPut(bool dispose) => Play(async s =>
    {
        (UserThread t, UserThread holder, GatedDevice device) = await Start(s, new GatedDevice());
        int h = await t.OpenAsync(Holder).OrThrow();
        int fd = await t.OpenAsync(Gated).OrThrow();
        long file = s.FileAt(fd);
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.Get, fd));
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(closing.IsCompleted);
        Assert.Equal(0, device.Dismantled);
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, dispose ? HolderDevice.Dispose : HolderDevice.Put));
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(1, device.Dismantled);
        // A second dispose is nothing, a second put an error.
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.Dispose));
        Assert.Equal(Errno.EBADFD, (await holder.OobIoctlAsync(h, HolderDevice.Put)).Errno);
        Assert.Equal(2, s.Of(OobReferencePut).Count(e => e.File == file));
        await t.CloseAsync(h).OrThrow();
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-2")]
    public Task Dup2OverLastFd_HeldAsleepInAnotherHandler_WaitsForItsEnd() => Play(async s =>
    {
        (UserThread t, UserThread holder, _) = await Start(s, new GatedDevice());
        UserThread waker = await s.OobThread(t.Process);
        int h = await t.OpenAsync(Holder).OrThrow();
        int fd = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> holding = holder.OobIoctlAsync(h, HolderDevice.HoldAsleep, fd);
        await s.UntilAsleep(holder);
        ValueTask<SysResult> replacing = t.Dup2Async(0, fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(replacing.IsCompleted);
        Assert.Equal(Errno.EBADF, (await waker.OobIoctlAsync(h, HolderDevice.HoldAsleep, fd)).Errno);
        await waker.OobIoctlAsync(h, HolderDevice.Wake).OrThrow();
        Assert.Equal(SysResult.Ok(), await holding);
        Assert.Equal(fd, await replacing);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "E-12")]
    public Task CloseLastFdOfXbuf_HeldByXbufReference_WaitsForPut() => Play(async s =>
    {
        (UserThread t, UserThread holder, _) = await Start(s, new GatedDevice());
        int h = await t.OpenAsync(Holder).OrThrow();
        int xbuf = await t.CreateXbufAsync(null, 16, 16).OrThrow();
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.GetXbuf, xbuf));
        ValueTask<SysResult> closing = t.CloseAsync(xbuf);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(closing.IsCompleted);
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.Put));
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(Errno.EBADFD, (await holder.OobIoctlAsync(h, HolderDevice.Put)).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-3")]
    public Task CloseWaitsInRelease_SignalledAndUnblocked_WaitsOnThenTheHandlerRuns() => Play(async s =>
    {
        (UserThread closer, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice { Flushes = false });
        int handled = 0;
        await closer.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => handled++)).OrThrow();
        int fd = await closer.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        await closer.Kill(Signal.SIGUSR1).OrThrow();
        closer.Unblock();
        Assert.False(closing.IsCompleted);
        reader.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal((1, 1, 0), (handled, device.Dismantled, device.Overrun));
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "D-3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task ReadAsleep_ItsOnlyFdGoesThenSignalWithRestart_ReleasedThenLookedUpAfresh(bool dup2) => Play(async s =>
    {
        (UserThread t, _, GatedDevice device) = await Start(s, new GatedDevice());
        UserThread reader = t.Process.CreateThread();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { }, restart: true)).OrThrow();
        int fd = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = reader.ReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        // Neither waits for the read, which holds the file.
        if (dup2)
            Assert.Equal(fd, await t.Dup2Async(0, fd));
        else
            Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(0, device.Dismantled);
        await t.TkillAsync(reader.Tid, Signal.SIGUSR1).OrThrow();
        // Made again, it finds the console behind the number, or nothing.
        Assert.Equal(dup2 ? SysResult.Ok() : Errno.EBADF, await reading);
        Assert.Equal(1, device.Dismantled);
        s.AssertOrder(
            e => e.Kind == ReleaseBegun && e.Tid == reader.Tid,
            e => e.Kind == ReleaseDone && e.Tid == reader.Tid,
            e => e.Kind == CallRestarted && e.Tid == reader.Tid,
            e => e.Kind == CallAnswered && e.Tid == reader.Tid);
    });

    [Fact, Trait("Rule", "D-2"), Trait("Rule", "D-3")]
    public Task Fork_ParentCloses_OnlyTheLastCloseOfBothReleases() => Play(async s =>
    {
        (UserThread t, UserThread reader, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        UserThread child = s.Machine.GetProcess((int)(await t.ForkAsync()).OrThrow())!.MainThread!;
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(0, device.Dismantled);
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(fd, new byte[1])).Errno);
        // The child gives the reader, which sleeps in the parent's name, its item; then its end releases.
        Assert.Equal(1, await child.WriteAsync(fd, new byte[1]));
        Assert.Equal(1, await reading);
        Assert.Equal(SysResult.Ok(), await child.Process.ExitAsync());
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "D-3")]
    public Task ProcessEnds_ReaderOfAnotherProcessAsleepInTheSameFile_IsNotDisturbed() => Play(async s =>
    {
        (UserThread t, UserThread _, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        UserThread child = s.Machine.GetProcess((int)(await t.ForkAsync()).OrThrow())!.MainThread!;
        await child.AttachAsync().OrThrow();
        ValueTask<SysResult> reading = child.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(child);
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.False(reading.IsCompleted);
        Assert.Equal(SysResult.Ok(), await child.Process.ExitAsync());
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        s.AssertSound(everythingClosed: true);
    });

    [Fact, Trait("Rule", "D-2")]
    public Task GetFile_WriteOnlyAndDuplicated_CloseRangeOfTheLastWaits() => Play(async s =>
    {
        (UserThread t, UserThread holder, GatedDevice device) = await Start(s, new GatedDevice());
        int h = await t.OpenAsync(Holder).OrThrow();
        int fd = await t.OpenAsync(Gated, OpenFlags.WriteOnly | OpenFlags.NonBlock).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.Get, fd));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        UserThread closer = t.Process.CreateThread();
        ValueTask<SysResult> closing = closer.CloseRangeAsync((uint)dup, (uint)dup);
        await s.Until(e => e.Kind == ReleaseOobBegun);
        Assert.False(closing.IsCompleted);
        Assert.Equal(SysResult.Ok(), await holder.OobIoctlAsync(h, HolderDevice.Put));
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(1, device.Dismantled);
    });

    [Fact, Trait("Rule", "q-3"), Trait("Rule", "D-3")]
    public Task CloseWaitsForABusyOobHandler_ThatThrows_CloseEndsAndTheNextOpenIsFresh()
    {
        return Play(async s =>
        {
            var busy = new TaskCompletionSource();
            (UserThread t, UserThread worker, _) = await Start(s, new GatedDevice { Busy = busy.Task });
            UserThread closer = t.Process.CreateThread();
            int fd = await t.OpenAsync(Gated).OrThrow();
            ValueTask<SysResult> working = worker.OobIoctlAsync(fd, GatedDevice.StayBusy);
            await s.Until(e => e.Kind == CallRouted && e.Tid == worker.Tid && e.Nr == SyscallNumber.OobIoctl);
            ValueTask<SysResult> closing = closer.CloseAsync(fd);
            await s.Until(e => e.Kind == ReleaseOobBegun);
            busy.SetException(new InvalidOperationException("planted"));
            Assert.Equal(Errno.EIO, (await working).Errno);
            Assert.Equal(SysResult.Ok(), await closing);
            Assert.Equal(fd, await t.OpenAsync(Gated));
            Assert.Single(s.Of(DeviceFailed));
            s.AssertSound(everythingClosed: false);
        });
    }

    [Fact, Trait("Rule", "D-3")]
    public Task ProcessExits_SleepersOfBothStages_InterruptedAndReleased() => Play(async s =>
    {
        (UserThread t, UserThread oob, GatedDevice device) = await Start(s, new GatedDevice());
        UserThread inBand = t.Process.CreateThread();
        int fd = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[1]);
        ValueTask<SysResult> reading2 = inBand.ReadAsync(fd, new byte[1]);
        await s.UntilAsleep(oob);
        await s.UntilAsleep(inBand);
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(Errno.EINTR, (await reading2).Errno);
        Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
        Assert.Equal(Errno.ESRCH, (await t.CloseAsync(fd)).Errno);
        s.AssertSound(everythingClosed: true);
    });

    [Fact]
    public Task MachineEnds_InterruptibleSleepers_InterruptedAndReleased() => Play(async s =>
    {
        (UserThread t, UserThread oob, GatedDevice device) = await Start(s, new GatedDevice());
        int fd = await t.OpenAsync(Gated).OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(oob);
        await s.Machine.DisposeAsync();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(1, device.Dismantled);
        Assert.Empty(s.Of(DeviceFailed));
        s.AssertSound(everythingClosed: true);
    });

    [Fact]
    public Task MachineEnds_UninterruptibleSleeper_DeviceFailsAfterTheGrace() => Play(
        async s =>
        {
            (UserThread t, UserThread oob, _) = await Start(s, new GatedDevice());
            int fd = await t.OpenAsync(Gated).OrThrow();
            ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, GatedDevice.SleepDeep);
            await s.UntilAsleep(oob);
            await s.Machine.DisposeAsync();
            Assert.Equal(Errno.EIO, (await sleeping).Errno);
            Assert.Single(s.Of(DeviceFailed));
            s.AssertSound(everythingClosed: true);
        },
        new EvlMachineOptions { ShutdownGrace = TimeSpan.FromMilliseconds(20) });

    [Fact]
    public Task MachineEnds_IdleDriverHoldsAReference_DeviceFailsAfterTheGrace() => Play(
        async s =>
        {
            (UserThread t, UserThread holder, GatedDevice device) = await Start(s, new GatedDevice());
            int h = await t.OpenAsync(Holder).OrThrow();
            int fd = await t.OpenAsync(Gated).OrThrow();
            await holder.OobIoctlAsync(h, HolderDevice.Get, fd).OrThrow();
            await s.Machine.DisposeAsync();
            Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
            Assert.Contains(s.Of(DeviceFailed), e => e.Detail!.StartsWith(Holder, StringComparison.Ordinal));
            s.AssertSound(everythingClosed: true);
        },
        new EvlMachineOptions { ShutdownGrace = TimeSpan.FromMilliseconds(20) });

    [Fact]
    public Task MachineEnds_TwoProcessesInEachOthersWay_NobodyWaitsForTheGrace() => Play(async s =>
    {
        // The first process can't be released before the second, whose handler holds its file, was interrupted.
        (UserThread t, UserThread holder, _) = await Start(s, new GatedDevice());
        s.Machine.AddDevice("/dev/lender", () => new LenderDevice());
        UserThread other = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync(Gated).OrThrow();
        int mine = await t.OpenAsync("/dev/lender").OrThrow();
        int theirs = await other.OpenAsync("/dev/lender").OrThrow();
        await t.IoctlAsync(mine, LenderDevice.Lend, fd).OrThrow();
        ValueTask<SysResult> holding = other.OobIoctlAsync(theirs, LenderDevice.Borrow);
        await s.UntilAsleep(other);
        await s.Machine.DisposeAsync();
        Assert.Equal(Errno.EINTR, (await holding).Errno);
        Assert.Empty(s.Of(DeviceFailed));
        s.AssertSound(everythingClosed: true);
    });

    private static async Task<(UserThread InBand, UserThread Oob, GatedDevice Device)> Start(Scenario s, GatedDevice device)
    {
        s.Machine.AddDevice(Gated, () => device);
        s.Machine.AddDevice(Holder, () => new HolderDevice());
        EvlProcess app = s.Machine.CreateProcess();
        return (app.CreateThread(), await s.OobThread(app), device);
    }

    private sealed class LenderDevice : CharDevice
    {
        internal const uint Lend = 1;
        internal const uint Borrow = 2;

        private readonly WaitQueue _queue = new();
        private EvlFileReference? _lent;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask Ioctl(IoCall call)
        {
            _lent = await call.GetFile((int)call.Argument);
            return 0;
        }

        protected internal override async IoTask OobIoctl(IoCall call)
        {
            using EvlFileReference? borrowed = _lent;
            return await _queue.Wait(call);
        }
    }
}
