using Xunit;

namespace EvlActors.Behaviour;

/// <summary>poll(2).</summary>
public abstract class PollTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents In = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Out = PollEvents.Out | PollEvents.WrNorm;

    [Fact, Trait("Rule", "F-2")]
    public Task Poll_SameFileSeveralTimes_EachEntryForItself() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/ready", () => new ReadyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread other = t.Process.CreateThread();
        int fd = await t.OpenAsync("/dev/ready").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        PollFd[] fds = [new(fd, PollEvents.In), new(fd, PollEvents.Out), new(dup, PollEvents.In | PollEvents.Out), new(fd, default)];
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        await other.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)PollEvents.Out).OrThrow();
        Assert.Equal(2, (await polling).Value);
        Assert.Equal([PollEvents.None, PollEvents.Out, PollEvents.Out, PollEvents.None], fds.Select(entry => entry.Revents));
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(4, (await t.PollAsync(fds, 0)).Value);
        Assert.Equal([PollEvents.Nval, PollEvents.Nval, PollEvents.Out, PollEvents.Nval], fds.Select(entry => entry.Revents));
    });

    [Fact, Trait("Case", "C152")]
    public Task Poll_NegativeFd_IgnoredAndZeroed() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        PollFd[] fds = [new(-1, PollEvents.In) { Revents = (PollEvents)0xff }];
        Assert.Equal(0, (await t.PollAsync(fds, 0)).OrThrow());
        Assert.Equal(PollEvents.None, fds[0].Revents);
    });

    [Fact, Trait("Case", "C153")]
    public Task Poll_ClosedFd_NvalAtOnce() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        PollFd[] fds = [new(77, PollEvents.None)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.Nval, fds[0].Revents);
    });

    [Fact, Trait("Case", "C154")]
    public Task Poll_PipeWithOneEndClosed_HupOrErr() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] empty = new int[2], filled = new int[2], unread = new int[2];
        await t.Pipe2Async(empty).OrThrow();
        await t.Pipe2Async(filled).OrThrow();
        await t.Pipe2Async(unread).OrThrow();
        PollFd[] fds = [new(empty[0], In), new(filled[0], In), new(unread[1], Out), new(filled[1], Out)];
        Assert.Equal(2, (await t.PollAsync(fds, 0)).OrThrow());
        Assert.Equal([PollEvents.None, PollEvents.None, Out, Out], fds.Select(f => f.Revents));
        await t.WriteAsync(filled[1], new byte[1]).OrThrow();
        UserThread closer = t.Process.CreateThread();
        PollFd[] reader = [new(empty[0], PollEvents.None)];
        ValueTask<SysResult> polling = t.PollAsync(reader, -1);
        await s.UntilAsleep(t);
        await closer.CloseAsync(empty[1]).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        await closer.CloseAsync(filled[1]).OrThrow();
        await closer.CloseAsync(unread[0]).OrThrow();
        fds[3] = new PollFd(-1, Out);
        Assert.Equal(3, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal([PollEvents.Hup, In | PollEvents.Hup, Out | PollEvents.Err, PollEvents.None], fds.Select(f => f.Revents));
    });

    [Fact, Trait("Case", "C155")]
    public Task Poll_BadArguments_EinvalEfaultAndPlainSleep() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { MaxFiles = 8 }).CreateThread();
        Assert.Equal(Errno.EINVAL, (await t.PollAsync(new PollFd[9], 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PollAsync(UserArray<PollFd>.Bad(9), 0)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.PollAsync(UserArray<PollFd>.Bad(1), 0)).Errno);
        long before = s.Machine.Engine.MonotonicNs;
        Assert.Equal(0, (await t.PollAsync(UserArray<PollFd>.Null, 50)).OrThrow());
        Assert.True(s.Machine.Engine.MonotonicNs - before >= 50_000_000);
    });

    [Fact, Trait("Case", "C156"), Trait("Case", "C158")]
    public Task Poll_ReadyTwice_ReportedTwiceAndEventsUnchanged() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)(In | Out)).OrThrow();
        PollFd[] fds = [new(fd, PollEvents.In), new(fd, PollEvents.Out), new(fd, PollEvents.Pri)];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(2, (await t.PollAsync(fds, -1)).OrThrow());
            Assert.Equal([PollEvents.In, PollEvents.Out, PollEvents.None], fds.Select(f => f.Revents));
            Assert.Equal([PollEvents.In, PollEvents.Out, PollEvents.Pri], fds.Select(f => f.Events));
        }
    });

    [Fact]
    public Task Poll_ErrAndHup_ReportedUnasked() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)(PollEvents.Err | PollEvents.Hup | In)).OrThrow();
        PollFd[] fds = [new(fd, PollEvents.None)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.Err | PollEvents.Hup, fds[0].Revents);
    });

    [Fact, Trait("Case", "C157")]
    public Task Poll_FdClosedMeanwhile_NvalAtTimeoutAndReleasedAtReturn() => Play(async s =>
    {
        (UserThread t, int fd, ReadyDevice device) = await Ready(s);
        UserThread closer = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In)];
        long before = 0;
        (Task<SysResult> polling, int ms) = await s.Asleep(t, 400, timeoutMs =>
        {
            before = s.Machine.Engine.MonotonicNs;
            return t.PollAsync(fds, timeoutMs);
        });
        Assert.Equal(SysResult.Ok(), await closer.CloseAsync(fd));
        Assert.Equal(0, device.Releases);
        Assert.Equal(1, (await polling).OrThrow());
        Assert.True(s.Machine.Engine.MonotonicNs - before >= ms * 1_000_000L);
        Assert.Equal(PollEvents.Nval, fds[0].Revents);
        Assert.Equal(1, device.Releases);
        s.AssertOrder(
            e => e.Kind == MachineEventKind.CallAnswered && e.Tid == closer.Tid && e.Nr == SyscallNumber.Close,
            e => e.Kind == MachineEventKind.ReleaseBegun && e.Tid == t.Tid,
            e => e.Kind == MachineEventKind.ReleaseDone && e.Tid == t.Tid,
            e => e.Kind == MachineEventKind.CallAnswered && e.Nr == SyscallNumber.Poll && e.Result == 1);
        await t.Process.ExitAsync();
        s.AssertSound(everythingClosed: true);
    });

    [Fact]
    public Task Poll_FdReplacedMeanwhile_SleepsOnOldFileAndAsksNewOne() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        var other = new ReadyDevice();
        s.Machine.AddDevice("/dev/other", () => other);
        int fd2 = await t.OpenAsync("/dev/other").OrThrow();
        int keep = await t.DupAsync(fd).OrThrow();
        UserThread t2 = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In)];
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        await t2.Dup2Async(fd2, fd).OrThrow();
        // The new file is ready and wakes its pollers: this one is not among them.
        await t2.IoctlAsync(fd2, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.False(polling.IsCompleted);
        await t2.IoctlAsync(keep, ReadyDevice.Wake, (long)In).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.In, fds[0].Revents);
    });

    [Fact, Trait("Case", "C159")]
    public Task Poll_Unblocked_Eintr() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        PollFd[] fds = [new(fd, PollEvents.In)];
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await polling).Errno);
        // Nothing is left behind: the next one works.
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)In).OrThrow();
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
    });

    [Fact, Trait("Case", "C163")]
    public Task Poll_WakeUpForIn_DoesNotEndPollForOut() => Play(async s =>
    {
        (UserThread reader, int fd, ReadyDevice device) = await Ready(s);
        UserThread writer = reader.Process.CreateThread();
        UserThread t = reader.Process.CreateThread();
        PollFd[] read = [new(fd, PollEvents.In)];
        PollFd[] write = [new(fd, PollEvents.Out)];
        ValueTask<SysResult> reading = reader.PollAsync(read, -1);
        ValueTask<SysResult> writing = writer.PollAsync(write, -1);
        await s.UntilAsleep(reader);
        await s.UntilAsleep(writer);
        int polls = device.Polls;
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await reading).OrThrow());
        Assert.False(writing.IsCompleted);
        Assert.Equal(polls + 1, device.Polls);
        await t.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)Out).OrThrow();
        Assert.Equal(1, (await writing).OrThrow());
        Assert.Equal(PollEvents.Out, write[0].Revents);
    });

    [Fact, Trait("Case", "C163")]
    public Task Poll_SpuriousWakeUps_SleepsOnAndHearsOfTheRealOne() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        UserThread waker = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In)];
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        for (int i = 0; i < 3; i++)
            await waker.IoctlAsync(fd, ReadyDevice.Wake, i == 0 ? 0 : (long)In).OrThrow();
        Assert.False(polling.IsCompleted);
        await waker.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
    });

    [Fact, Trait("Case", "C039")]
    public Task Poll_DriverWithoutPoll_DefaultMask() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/plain", () => new PlainDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/plain").OrThrow();
        PollFd[] fds = [new(fd, (PollEvents)0xffff)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.Default, fds[0].Revents);
    });

    [Fact, Trait("Case", "C181")]
    public Task PollSetFd_PolledInBand_DefaultMaskAndNoOtherOperation() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int set = await t.NewPollAsync().OrThrow();
        PollFd[] fds = [new(set, PollEvents.Default)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.Default, fds[0].Revents);
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(set, new byte[1])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(set, new byte[1])).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(set, 1)).Errno);
        Assert.Equal(Errno.ENOTTY, (await oob.OobIoctlAsync(set, 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.OobReadAsync(set, new byte[1])).Errno);
    });

    [Fact]
    public Task Poll_DeviceFails_PollersAndLaterPollsGetErrHup() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Ready(s);
        UserThread t2 = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In)];
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        await t2.IoctlAsync(fd, ReadyDevice.Break).OrThrow();
        PollFd[] other = [new(fd, PollEvents.In)];
        Assert.Equal(1, (await t2.PollAsync(other, -1)).OrThrow());
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, other[0].Revents);
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.In | PollEvents.Err | PollEvents.Hup, fds[0].Revents);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact]
    public Task Poll_ManyFiles_OnlyTheReadyOneReported() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.InitAsync().OrThrow();
        var fds = new PollFd[40];
        for (int i = 0; i < fds.Length; i++)
            fds[i] = new PollFd(await t.CreateXbufAsync(null, 16, 16).OrThrow(), PollEvents.In);
        UserThread oob = await s.OobThread(t.Process);
        ValueTask<SysResult> polling = t.PollAsync(fds, -1);
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(fds[17].Fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(17, Array.FindIndex(fds, f => f.Revents != PollEvents.None));
    });

    private static async Task<(UserThread Thread, int Fd, ReadyDevice Device)> Ready(Scenario s)
    {
        var device = new ReadyDevice();
        s.Machine.AddDevice("/dev/ready", () => device);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync("/dev/ready").OrThrow(), device);
    }
}
