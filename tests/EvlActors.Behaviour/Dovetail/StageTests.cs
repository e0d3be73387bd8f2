using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Which stage a thread is on, who may call out-of-band, and what switches it.</summary>
public abstract class StageTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C001")]
    public Task OobRead_PlainThread_EpermAndHandlerNotEntered() => Play(async s =>
    {
        UserThread plain = s.Machine.CreateProcess().CreateThread();
        await plain.InitAsync().OrThrow();
        int xbuf = await plain.CreateXbufAsync(null, 64, 64).OrThrow();
        Assert.Equal(Errno.EPERM, (await plain.OobReadAsync(xbuf, new byte[4])).Errno);
        Assert.DoesNotContain(s.Of(MachineEventKind.CallRouted), e => e.Detail == nameof(FileOperation.OobRead));
        Assert.True(plain.IsInband);
    });

    [Fact, Trait("Case", "C002")]
    public Task OobCall_PlainThreadWithBadDescriptor_EpermNotEbadf() => Play(async s =>
    {
        UserThread plain = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EPERM, (await plain.OobReadAsync(-1, new byte[4])).Errno);
        Assert.Equal(Errno.EPERM, (await plain.OobIoctlAsync(9, 1)).Errno);
    });

    [Fact, Trait("Case", "C003")]
    public Task OobRead_ClosedOrInBandFile_Ebadf() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(9, new byte[4])).Errno);
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(0, new byte[4])).Errno);
        Assert.False(oob.IsInband);
    });

    [Fact, Trait("Case", "C004")]
    public Task Attach_Attached_EbusyAndFirstUnchanged() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        int fd = await t.AttachAsync("/one").OrThrow();
        Assert.Equal(Errno.EBUSY, (await t.AttachAsync("/two")).Errno);
        Assert.Equal(0, (await t.SetThreadModeAsync(fd, EvlThreadMode.None)).OrThrow());
        UserThread other = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EEXIST, (await other.AttachAsync("one")).Errno);
        await other.AttachAsync("two").OrThrow();
    });

    [Fact, Trait("Case", "C005")]
    public Task Detach_PlainOrWithFlags_EpermAndEinval() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        Assert.Equal(Errno.EPERM, (await t.DetachAsync()).Errno);
        await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.DetachAsync(1)).Errno);
        Assert.Equal(Errno.EBUSY, (await t.AttachAsync()).Errno);
        Assert.Equal(SysResult.Ok(), await t.DetachAsync());
        Assert.Equal(Errno.EPERM, (await t.DetachAsync()).Errno);
    });

    [Fact, Trait("Case", "C006")]
    public Task Attach_AfterDetach_SameNameIsFree() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.AttachAsync("/t1").OrThrow();
        await t.CloseAsync(fd).OrThrow();
        await t.DetachAsync().OrThrow();
        await t.AttachAsync("/t1").OrThrow();
    });

    [Fact, Trait("Case", "C007")]
    public Task Attach_ByPolicy_OrdinaryInBandFifoOob() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread ordinary = app.CreateThread();
        UserThread fifo = app.CreateThread(SchedPolicy.Fifo, 1);
        await ordinary.AttachAsync().OrThrow();
        await fifo.AttachAsync().OrThrow();
        Assert.True(ordinary.IsInband);
        Assert.False(fifo.IsInband);
    });

    [Fact]
    public Task OobRead_WeakThread_OutOfBandDuringTheCallOnly() => Play(async s =>
    {
        UserThread weak = s.Machine.CreateProcess().CreateThread();
        await weak.AttachAsync().OrThrow();
        int xbuf = await weak.CreateXbufAsync(null, 64, 64).OrThrow();
        await weak.WriteAsync(xbuf, new byte[4]).OrThrow();
        Assert.Equal(4, (await weak.OobReadAsync(xbuf, new byte[4])).OrThrow());
        Assert.True(weak.IsInband);
        MachineEvent[] switches = [.. s.Of(MachineEventKind.SwitchedOob, MachineEventKind.SwitchedInBand)];
        Assert.Equal([MachineEventKind.SwitchedOob, MachineEventKind.SwitchedInBand], switches.Select(e => e.Kind));
        Assert.Equal((long)SwitchCause.None, switches[1].Count);
    });

    [Fact, Trait("Case", "C011")]
    public Task ClockGettime_OobThread_ValueWithoutSwitch() => Play(async s =>
    {
        UserThread oob = await s.OobThread(s.Machine.CreateProcess());
        long before = s.Machine.Engine.MonotonicNs;
        SysResult now = await oob.ClockGettimeAsync(ClockId.Monotonic);
        Assert.InRange(now.Value, before, s.Machine.Engine.MonotonicNs);
        Assert.True((await oob.ClockGettimeAsync(ClockId.Realtime)).IsSuccess);
        Assert.False(oob.IsInband);
        Assert.Equal(0, (await oob.GetStatisticsAsync()).InBandSwitches);
        Assert.Equal(Errno.EINVAL, (await oob.ClockGettimeAsync((ClockId)99)).Errno);
        Assert.True(oob.IsInband);
    });

    [Fact, Trait("Case", "C012")]
    public Task RawSyscall_Undefined_EnosysStillOob() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        Assert.Equal(Errno.ENOSYS, (await oob.RawSyscallAsync(9999)).Errno);
        Assert.Equal(Errno.ENOSYS, (await oob.RawOobSyscallAsync(17)).Errno);
        Assert.False(oob.IsInband);
        Assert.Equal(0, (await oob.GetStatisticsAsync()).InBandSwitches);
        UserThread plain = app.CreateThread();
        Assert.Equal(Errno.ENOSYS, (await plain.RawOobSyscallAsync(17)).Errno);
        Assert.Equal(Errno.EPERM, (await plain.RawOobSyscallAsync((int)SyscallNumber.OobRead)).Errno);
        Assert.Equal(Errno.EBADF, (await plain.RawSyscallAsync((int)SyscallNumber.Close, 99)).Errno);
    });

    [Fact, Trait("Case", "C019")]
    public Task ThreadRequest_ThreadGone_EstaleAndCloseWorks() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread gone = app.CreateThread(SchedPolicy.Fifo, 10);
        UserThread inBand = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await gone.AttachAsync("/gone").OrThrow();
        await gone.ExitThreadAsync().OrThrow();
        Assert.Equal(Errno.ESTALE, (await inBand.UnblockThreadAsync(fd)).Errno);
        Assert.Equal(Errno.ESTALE, (await oob.UnblockThreadAsync(fd)).Errno);
        Assert.False(oob.IsInband);
        Assert.Equal(Errno.ESTALE, (await inBand.DemoteThreadAsync(fd)).Errno);
        Assert.Equal(Errno.ESTALE, (await inBand.SwitchOobAsync(fd)).Errno);
        Assert.Equal(Errno.ESTALE, (await inBand.GetThreadStateAsync(fd, new byte[48])).Errno);
        Assert.Equal(SysResult.Ok(), await inBand.CloseAsync(fd));
        Assert.Equal(Errno.ESRCH, (await gone.DupAsync(0)).Errno);
    });

    [Fact]
    public Task ThreadRequest_ThreadAttachedAnew_OldDescriptorIsStale() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int first = await t.AttachAsync().OrThrow();
        await t.DetachAsync().OrThrow();
        int second = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.ESTALE, (await t.SetThreadModeAsync(first, EvlThreadMode.Woss)).Errno);
        Assert.Equal(0, (await t.SetThreadModeAsync(second, EvlThreadMode.Woss)).OrThrow());
    });

    [Fact, Trait("Case", "C023")]
    public Task Attach_NameOfAPrivateThread_Eexist() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        await app.CreateThread().AttachAsync("w").OrThrow();
        Assert.Equal(Errno.EEXIST, (await app.CreateThread().AttachAsync("/w")).Errno);
    });

    [Fact, Trait("Case", "C026")]
    public Task OobIoctl_BadPointer_EfaultNoSwitch() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.GetThreadStateAsync(fd, UserBuffer.Bad(48))).Errno);
        Assert.False(t.IsInband);
        Assert.Equal(0, (await t.GetStatisticsAsync()).InBandSwitches);
        Assert.Empty(s.Of(MachineEventKind.SignalDelivered, MachineEventKind.ProcessKilled));
    });

    [Fact, Trait("Case", "C027")]
    public Task SwitchRequest_OtherThread_Eperm() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread b = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await b.AttachAsync().OrThrow();
        UserThread a = await s.OobThread(app);
        Assert.Equal(Errno.EPERM, (await a.SwitchOobAsync(fd)).Errno);
        Assert.Equal(Errno.EPERM, (await a.SwitchInbandAsync(fd)).Errno);
        Assert.Equal(Errno.EPERM, (await a.SetThreadModeAsync(fd, EvlThreadMode.Woss)).Errno);
        Assert.Equal(Errno.EPERM, (await a.ClearThreadModeAsync(fd, EvlThreadMode.Woss)).Errno);
        Assert.False(a.IsInband);
        Assert.False(b.IsInband);
    });

    [Fact]
    public Task SwitchRequest_Self_Switches() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await t.SwitchInbandAsync(fd));
        Assert.True(t.IsInband);
        Assert.Equal(SysResult.Ok(), await t.SwitchOobAsync(fd));
        Assert.False(t.IsInband);
        Assert.Equal(1, (await t.GetStatisticsAsync()).InBandSwitches);
    });

    [Fact, Trait("Case", "C029")]
    public Task CreateXbuf_ProcessNotInitialised_Enxio() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync(null, 64, 64)).Errno);
    });

    [Fact]
    public Task SwitchOob_PlainThread_EpermAndSwitchInband_0() => Play(async s =>
    {
        UserThread plain = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EPERM, (await plain.SwitchOobAsync()).Errno);
        Assert.Equal(SysResult.Ok(), await plain.SwitchInbandAsync());
    });

    [Fact]
    public Task SwitchOob_WeakThread_BackInBandAfterIt() => Play(async s =>
    {
        UserThread weak = s.Machine.CreateProcess().CreateThread();
        await weak.AttachAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await weak.SwitchOobAsync());
        Assert.True(weak.IsInband);
        Assert.Equal(1, (await weak.GetStatisticsAsync()).InBandSwitches);
    });

    [Fact, Trait("Case", "C015")]
    public Task UnblockThread_AsleepInOobRead_EintrStillOob() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await sleeper.AttachAsync().OrThrow();
        UserThread other = app.CreateThread();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        await other.WriteAsync(xbuf, "abc"u8.ToArray()).OrThrow();
        ValueTask<SysResult> reading = sleeper.OobReadAsync(xbuf, new byte[8]);
        await s.UntilAsleep(sleeper);
        Assert.Equal(SysResult.Ok(), await other.UnblockThreadAsync(fd));
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.False(sleeper.IsInband);
        Assert.Equal(3, (await sleeper.OobReadAsync(xbuf, new byte[3])).OrThrow());
    });

    [Fact]
    public Task DemoteThread_AsleepInOobRead_EintrWeakAndInBand() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await sleeper.AttachAsync().OrThrow();
        UserThread other = app.CreateThread();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> reading = sleeper.OobReadAsync(xbuf, new byte[8]);
        await s.UntilAsleep(sleeper);
        Assert.Equal(SysResult.Ok(), await other.DemoteThreadAsync(fd));
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.True(sleeper.IsInband);
        MachineEvent back = s.Of(MachineEventKind.SwitchedInBand).Single();
        Assert.Equal((long)SwitchCause.SigDemote, back.Count);
        EvlThreadStatistics state = await sleeper.GetStatisticsAsync();
        Assert.True(state.State.HasFlag(EvlThreadState.Weak | EvlThreadState.InBand));
        await other.WriteAsync(xbuf, new byte[4]).OrThrow();
        Assert.Equal(4, (await sleeper.OobReadAsync(xbuf, new byte[4])).OrThrow());
        Assert.True(sleeper.IsInband);
    });

    [Fact, Trait("Rule", "B-2")]
    public Task LibraryCalls_Of32BitProcess_AsOfAnyOther() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = true });
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 10);
        int self = await t.AttachAsync().OrThrow();
        UserThread other = app.CreateThread();
        Assert.True((await t.SetThreadModeAsync(self, EvlThreadMode.Woss)).IsSuccess);
        Assert.True((await t.ClearThreadModeAsync(self, EvlThreadMode.Woss)).IsSuccess);
        Assert.Equal(SysResult.Ok(), await other.UnblockThreadAsync(self));
        Assert.Equal(SysResult.Ok(), await other.DemoteThreadAsync(self));
        int xbuf = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await t.AddPollfdAsync(set, xbuf, PollEvents.Out, 1));
        var found = new EvlPollEvent[1];
        Assert.Equal(1, await t.EvlPollAsync(set, found));
        int epoll = await t.EpollCreate1Async().OrThrow();
        Assert.Equal(SysResult.Ok(), await t.EpollCtlAsync(epoll, EpollOp.Add, xbuf, new EpollEvent(PollEvents.Out, 1)));
        Assert.Equal(1, await t.EpollWaitAsync(epoll, new EpollEvent[1], 0));
        Assert.Equal(SysResult.Ok(), await t.DetachAsync());
    });

    [Fact]
    public Task DemoteThread_RunningOob_InBandAtOnce() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread target = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await target.AttachAsync().OrThrow();
        await app.CreateThread().DemoteThreadAsync(fd).OrThrow();
        Assert.True(target.IsInband);
    });

    [Fact]
    public Task DemoteThread_InBand_NoKickIsLeft() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread target = app.CreateThread(SchedPolicy.Fifo, 10);
        var seen = new List<SigInfo>();
        await target.SigactionAsync(Signal.SIGDEBUG, SigAction.Handle(seen.Add)).OrThrow();
        int fd = await target.AttachAsync().OrThrow();
        int xbuf = await target.CreateXbufAsync(null, 64, 64).OrThrow();
        await target.SetThreadModeAsync(fd, EvlThreadMode.Woss).OrThrow();
        await target.WriteAsync(xbuf, new byte[4]).OrThrow();
        await app.CreateThread().DemoteThreadAsync(fd).OrThrow();
        Assert.Equal(4, (await target.OobReadAsync(xbuf, new byte[4])).OrThrow());
        Assert.True(target.IsInband);
        Assert.Equal((long)SwitchCause.None, s.Of(MachineEventKind.SwitchedInBand).Last().Count);
        Assert.Empty(seen);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task UnblockOrDemoteThread_AsleepInBand_SleepsOn(bool demotes) => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await sleeper.AttachAsync().OrThrow();
        int xbuf = await sleeper.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> reading = sleeper.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(sleeper);
        Assert.Equal(SysResult.Ok(), demotes ? await oob.DemoteThreadAsync(fd) : await oob.UnblockThreadAsync(fd));
        await oob.OobWriteAsync(xbuf, new byte[2]).OrThrow();
        Assert.Equal(2, (await reading).OrThrow());
    });

    [Fact]
    public Task GetThreadState_Attached_LaidOutAsEvlDoes() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(99, new byte[1])).Errno);
        byte[] state = new byte[48];
        await app.CreateThread().GetThreadStateAsync(fd, state).OrThrow();
        Assert.Equal(1u, BitConverter.ToUInt32(state, 0));
        Assert.Equal(10u, BitConverter.ToUInt32(state, 4));
        Assert.Equal((uint)EvlThreadState.User, BitConverter.ToUInt32(state, 20));
        Assert.Equal(1u, BitConverter.ToUInt32(state, 32));
    });

    [Fact]
    public Task OobCall_AfterDetach_EpermThoughAttachingHadRaisedTheCapability() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions
        {
            Credentials = Credentials.Root with { Effective = Capabilities.None },
        });
        UserThread t = app.CreateThread();
        await t.AttachAsync().OrThrow();
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        await t.WriteAsync(xbuf, new byte[2]).OrThrow();
        // Attaching raised CAP_SYS_NICE; detaching drops it.
        Assert.Equal(1, (await t.OobReadAsync(xbuf, new byte[1])).OrThrow());
        await t.DetachAsync().OrThrow();
        Assert.Equal(Errno.EPERM, (await t.OobReadAsync(xbuf, new byte[1])).Errno);
    });

    [Fact]
    public Task OobCall_CapabilityDroppedByCapset_Eperm() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        const Capabilities rest = Capabilities.All & ~Capabilities.SysNice;
        await t.CapsetAsync(rest, Capabilities.All).OrThrow();
        Assert.Equal(Errno.EPERM, (await t.OobReadAsync(-1, new byte[1])).Errno);
        Assert.Equal(Errno.EPERM, (await t.SwitchOobAsync()).Errno);
        await t.CapsetAsync(Capabilities.All, Capabilities.All).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(-1, new byte[1])).Errno);
    });

    [Fact, Trait("Case", "C020")]
    public Task OobRead_ForkedChild_EpermUntilItAttached() => Play(async s =>
    {
        UserThread parent = await s.OobThread(s.Machine.CreateProcess());
        int xbuf = await parent.CreateXbufAsync(null, 64, 64).OrThrow();
        await parent.WriteAsync(xbuf, new byte[4]).OrThrow();
        int pid = await parent.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        Assert.Equal(Errno.EPERM, (await child.OobReadAsync(xbuf, new byte[4])).Errno);
        await child.AttachAsync().OrThrow();
        Assert.Equal(4, (await child.OobReadAsync(xbuf, new byte[4])).OrThrow());
    });

    [Fact, Trait("Rule", "A-3.5")]
    public Task GetSelf_AttachedOrNot_TheDescriptorOrEpermWithoutASwitch() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        Assert.Equal(Errno.EPERM, (await t.GetSelfAsync()).Errno);
        int fd = await t.AttachAsync("/self").OrThrow();
        int switches = s.Of(MachineEventKind.SwitchedInBand).Count();
        Assert.Equal(fd, await t.GetSelfAsync().OrThrow());
        Assert.False(t.IsInband);
        Assert.Equal(switches, s.Of(MachineEventKind.SwitchedInBand).Count());
        Assert.Equal(EvlThreadMode.None, (EvlThreadMode)await t.SetThreadModeAsync(await t.GetSelfAsync().OrThrow(), EvlThreadMode.None).OrThrow());
        int pid = await t.ForkAsync().OrThrow();
        Assert.Equal(Errno.EPERM, (await s.Machine.GetProcess(pid)!.MainThread!.GetSelfAsync()).Errno);
        await t.DetachAsync().OrThrow();
        Assert.Equal(Errno.EPERM, (await t.GetSelfAsync()).Errno);
    });

    [Fact]
    public Task Attach_RaisesCapabilities_SeenByDriversUntilDetach() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/caps", () => new CapabilityDevice());
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions
        {
            Credentials = Credentials.Root with { Effective = Capabilities.Kill },
        });
        UserThread t = app.CreateThread();
        UserThread other = app.CreateThread();
        int fd = await t.OpenAsync("/dev/caps").OrThrow();
        const Capabilities raised = Capabilities.SysNice | Capabilities.IpcLock | Capabilities.SysRawIo;
        Assert.Equal((long)Capabilities.Kill, (await t.IoctlAsync(fd, 1)).Value);
        await t.AttachAsync().OrThrow();
        Assert.Equal((long)(Capabilities.Kill | raised), (await t.IoctlAsync(fd, 1)).Value);
        Assert.Equal((long)Capabilities.Kill, (await other.IoctlAsync(fd, 1)).Value);
        await t.DetachAsync().OrThrow();
        Assert.Equal((long)Capabilities.Kill, (await t.IoctlAsync(fd, 1)).Value);
    });

    private sealed class CapabilityDevice : CharDevice
    {
        protected internal override IoTask Ioctl(IoCall call) => SysResult.Ok((long)call.Credentials.Effective);
    }
}
