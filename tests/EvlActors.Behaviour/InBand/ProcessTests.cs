using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>fork, exec, exit and wait, with the tables of descriptors that they copy, share and close.</summary>
public abstract class ProcessTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C077")]
    public Task Fork_Table_SameNumbersThenIndependent() => Play(async s =>
    {
        s.Machine.AddFile("/tmp/a", "0123456789");
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/tmp/a").OrThrow();
        int cloexec = await t.FcntlAsync(fd, FcntlCommand.DupFdCloseOnExec, 8).OrThrow();
        UserThread child = await Fork(s, t);
        Assert.Equal(1, await child.FcntlAsync(cloexec, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(0, await child.FcntlAsync(fd, FcntlCommand.GetFd).OrThrow());
        byte[] buffer = new byte[3];
        Assert.Equal(3, await t.ReadAsync(fd, buffer).OrThrow());
        Assert.Equal(3, await child.ReadAsync(cloexec, buffer).OrThrow());
        Assert.Equal("345"u8.ToArray(), buffer);
        await child.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(fd, await t.OpenAsync("/dev/console").OrThrow());
        Assert.Equal(3, await child.ReadAsync(fd, buffer).OrThrow());
        Assert.Equal("678"u8.ToArray(), buffer);
        Assert.Equal(SysResult.Ok(), await child.CloseAsync(cloexec));
        Assert.True((await t.FcntlAsync(cloexec, FcntlCommand.GetFd)).IsSuccess);
    });

    [Fact, Trait("Case", "C078"), Trait("Case", "C020")]
    public Task Fork_OobFile_NoHookButTheAttachedChildReads() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        int hooks = Hooks(s).Count();
        UserThread child = await Fork(s, t);
        Assert.Equal(hooks, Hooks(s).Count());
        Assert.Equal((t.Policy, t.Priority), (child.Policy, child.Priority));
        Assert.Equal(Errno.EPERM, (await child.OobReadAsync(fd, new byte[4])).Errno);
        await child.AttachAsync().OrThrow();
        await t.WriteAsync(fd, new byte[4]).OrThrow();
        Assert.Equal(4, await child.OobReadAsync(fd, new byte[4]).OrThrow());
        // The parent's end leaves the child its file.
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.Equal(4, await child.WriteAsync(fd, new byte[4]).OrThrow());
        Assert.Equal(4, await child.OobReadAsync(fd, new byte[4]).OrThrow());
        Assert.Equal(SysResult.Ok(), await child.CloseAsync(fd));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Fork_NumberReservedAndSleeperInside_NeitherIsCopied() => Play(async s =>
    {
        var device = new GateDevice();
        s.Machine.AddDevice("/dev/gate", () => device);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread opener = app.CreateThread();
        UserThread forker = app.CreateThread();
        ValueTask<SysResult> opening = opener.OpenAsync("/dev/gate");
        await s.UntilAsleep(opener);
        UserThread child = await Fork(s, forker);
        Assert.Equal(3, await child.OpenAsync("/dev/console").OrThrow());
        opener.Unblock();
        Assert.Equal(Errno.EINTR, (await opening).Errno);
        Assert.Equal(3, await forker.OpenAsync("/dev/console").OrThrow());
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Fork_Dispositions_Copied() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int handled = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => handled++)).OrThrow();
        await t.SigactionAsync(Signal.SIGUSR2, SigAction.Ignore).OrThrow();
        UserThread child = await Fork(s, t);
        Assert.Equal(SysResult.Ok(), await t.KillAsync(child.Process.Pid, Signal.SIGUSR1));
        Assert.Equal(SysResult.Ok(), await t.KillAsync(child.Process.Pid, Signal.SIGUSR2));
        await child.GetpidAsync().OrThrow();
        Assert.Equal(1, handled);
        // Another program has no handlers: the default ends it. What was ignored stays ignored.
        await child.ExecAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await t.KillAsync(child.Process.Pid, Signal.SIGUSR2));
        await child.GetpidAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await t.KillAsync(child.Process.Pid, Signal.SIGUSR1));
        await child.GetpidAsync();
        Assert.Equal((int)Signal.SIGUSR1, (await Wait(t)).Status.Signal);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Fork_UnknownFlags_Einval() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EINVAL, (await t.ForkAsync((CloneFlags)1)).Errno);
    });

    [Fact, Trait("Case", "C080")]
    public Task ExitThread_OthersLive_NothingIsClosedUntilTheLast() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread first = app.CreateThread();
        UserThread last = app.CreateThread();
        await first.OpenAsync("/dev/console").OrThrow();
        Assert.Equal(SysResult.Ok(), await first.ExitThreadAsync());
        Assert.Equal(SysResult.Ok(), await last.ReadAsync(3, new byte[1]));
        Assert.Empty(s.Of(MachineEventKind.HookUninstall));
        Assert.Equal(SysResult.Ok(), await last.ExitThreadAsync());
        await s.Until(e => e.Kind == MachineEventKind.ProcessEnded);
        Assert.Equal([0, 1, 2, 3], s.Of(MachineEventKind.HookUninstall).Select(e => e.Fd));
        Assert.Null(s.Machine.GetProcess(app.Pid));
        Assert.Equal(Errno.ESRCH, (await app.ExitAsync()).Errno);
        Assert.Equal(Errno.ESRCH, (await app.CreateThread().DupAsync(0)).Errno);
    });

    [Fact, Trait("Case", "C080"), Trait("Rule", "C-4")]
    public Task Exit_TableSharedByProcesses_ClosedByTheLast() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread child = await Fork(s, t, CloneFlags.Files);
        int fd = await t.OpenAsync("/dev/console").OrThrow();
        Assert.Equal(SysResult.Ok(), await child.ReadAsync(fd, new byte[1]));
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.Empty(s.Of(MachineEventKind.HookUninstall));
        Assert.Equal(SysResult.Ok(), await child.ReadAsync(fd, new byte[1]));
        Assert.Equal(SysResult.Ok(), await child.ExitAsync());
        Assert.Equal([0, 1, 2, 3], s.Of(MachineEventKind.HookUninstall).Select(e => e.Fd));
        Assert.All(s.Of(MachineEventKind.HookUninstall), e => Assert.Equal(child.Process.Pid, e.Pid));
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C081")]
    public Task Exec_CloseOnExec_ClosedAscendingEachWithItsHook() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        foreach (int fd in new[] { 12, 7, 9 })
            Assert.Equal(fd, await t.Dup3Async(0, fd, OpenFlags.CloseOnExec).OrThrow());
        int kept = await t.DupAsync(0).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
        // 3 is the thread's element, close-on-exec as all elements.
        Assert.Equal([3, 7, 9, 12], s.Of(MachineEventKind.HookUninstall).Select(e => e.Fd));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(kept, new byte[1]));
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(7, new byte[1])).Errno);
        // The program has to initialise and attach for itself.
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync("x", 8, 8)).Errno);
        Assert.Equal(Errno.EPERM, (await t.DetachAsync()).Errno);
        Assert.True((await t.AttachAsync()).IsSuccess);
    });

    [Fact, Trait("Case", "C081")]
    public Task Exec_SharedTable_CopiedFirst() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(3, await t.Dup3Async(0, 3, OpenFlags.CloseOnExec).OrThrow());
        UserThread child = await Fork(s, t, CloneFlags.Files);
        Assert.Equal(SysResult.Ok(), await child.ExecAsync());
        Assert.Equal(Errno.EBADF, (await child.ReadAsync(3, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(3, new byte[1]));
        Assert.Equal(SysResult.Ok(), await child.CloseAsync(0));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(0, new byte[1]));
        Assert.Equal(SysResult.Ok(), await t.ExitAsync());
        Assert.Equal(SysResult.Ok(), await child.ReadAsync(1, new byte[1]));
    });

    [Fact, Trait("Rule", "C-3")]
    public Task CloseRange_UnsharesASharedTable_TheOtherKeepsItsOwn() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread child = await Fork(s, t, CloneFlags.Files);
        int hooks = Hooks(s).Count();
        Assert.Equal(SysResult.Ok(), await child.CloseRangeAsync(1, uint.MaxValue, CloseRangeFlags.Unshare));
        // The copy is made without the range: nothing is closed.
        Assert.Equal(hooks, Hooks(s).Count());
        Assert.Equal(Errno.EBADF, (await child.ReadAsync(1, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(1, new byte[1]));
        Assert.Equal(SysResult.Ok(), await child.ReadAsync(0, new byte[1]));
    });

    [Fact, Trait("Rule", "C-3")]
    public Task CloseRange_UnshareAndMarkOrEndInTheMiddle_OnlyTheCopyChanges() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        UserThread child = await Fork(s, t, CloneFlags.Files);
        int hooks = Hooks(s).Count();
        Assert.Equal(SysResult.Ok(), await child.CloseRangeAsync(0, 1, CloseRangeFlags.Unshare | CloseRangeFlags.CloseOnExec));
        Assert.Equal(hooks, Hooks(s).Count());
        Assert.Equal(1, (await child.FcntlAsync(1, FcntlCommand.GetFd)).Value);
        Assert.Equal(0, (await t.FcntlAsync(1, FcntlCommand.GetFd)).Value);
        // The copy is the child's own now: what it closes is open for the other.
        Assert.Equal(SysResult.Ok(), await child.CloseRangeAsync(0, 1, CloseRangeFlags.Unshare));
        Assert.Equal(hooks + 2, Hooks(s).Count());
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(1, new byte[1]));
        // The copy's index is there without a hook.
        await child.AttachAsync().OrThrow();
        await child.OobWriteAsync(fd, new byte[3]).OrThrow();
        Assert.Equal(SysResult.Ok(), await child.CloseAsync(fd));
        Assert.Equal(3, await t.ReadAsync(fd, new byte[3]).OrThrow());
        Assert.Equal(5, await t.OobWriteAsync(fd, new byte[5]).OrThrow());
    });

    [Fact, Trait("Rule", "p-6"), Trait("Rule", "A-3")]
    public Task Exec_OtherThreadsAsleep_KilledAndDetachedFirst() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = await s.OobThread(app);
        UserThread t = app.CreateThread();
        int fd = await sleeper.CreateXbufAsync("/x", 8, 8).OrThrow();
        ValueTask<SysResult> reading = sleeper.OobReadAsync(fd, new byte[4]);
        await s.UntilAsleep(sleeper);
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(Errno.ESRCH, (await sleeper.ReadAsync(0, new byte[1])).Errno);
        long answered = s.Of(MachineEventKind.CallAnswered).First(e => e.Tid == sleeper.Tid && e.Nr == SyscallNumber.OobRead).Sequence;
        Assert.All(s.Of(MachineEventKind.HookUninstall), e => Assert.True(e.Sequence > answered));
        Assert.Equal(2, s.Of(MachineEventKind.HookUninstall).Count());
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/evl/xbuf/x")).Errno);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Exit_FlushAndRelease_AscendingEachAwaited() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/a", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int a = await t.OpenAsync("/dev/a").OrThrow();
        int b = await t.OpenAsync("/dev/a").OrThrow();
        log.Clear();
        Assert.Equal(SysResult.Ok(), await t.ExitAsync(3));
        Assert.Equal(["flush", "release", "flush", "release"], log.Lines);
        MachineEvent[] events = [.. s.Of(MachineEventKind.HookUninstall, MachineEventKind.ReleaseDone).Where(e => e.Fd == a || e.Fd == b || e.Fd == -1)];
        Assert.Equal(
            [MachineEventKind.HookUninstall, MachineEventKind.ReleaseDone, MachineEventKind.HookUninstall, MachineEventKind.ReleaseDone],
            events[^4..].Select(e => e.Kind));
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Wait_Children_StatusEchildEintrAndNohang() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ECHILD, (await t.WaitAsync()).Errno);
        UserThread first = await Fork(s, t);
        UserThread second = await Fork(s, t);
        Assert.Equal(Errno.EINVAL, (await t.WaitAsync(options: (WaitOptions)8)).Errno);
        Assert.Equal(0, await t.WaitAsync(options: WaitOptions.NoHang).OrThrow());
        Assert.Equal(Errno.ECHILD, (await t.WaitAsync(99)).Errno);
        ValueTask<SysResult> waiting = t.WaitAsync(second.Process.Pid);
        await s.UntilAsleep(t);
        Assert.Equal(SysResult.Ok(), await first.ExitAsync(300));
        Assert.False(waiting.IsCompleted);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await waiting).Errno);
        (int pid, WaitStatus status) = await Wait(t);
        Assert.Equal((first.Process.Pid, true, 300 & 0xff), (pid, status.IsExited, status.ExitStatus));
        Assert.Equal(SysResult.Ok(), await t.KillAsync(second.Process.Pid, Signal.SIGKILL));
        (pid, status) = await Wait(t);
        Assert.Equal((second.Process.Pid, true, (int)Signal.SIGKILL), (pid, status.IsSignaled, status.Signal));
        Assert.Equal(Errno.ECHILD, (await t.WaitAsync()).Errno);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Wait_ByGroupAndBadPointer() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread inGroup = await Fork(s, t);
        UserThread apart = await Fork(s, t);
        await t.SetpgidAsync(apart.Process.Pid, 0).OrThrow();
        await apart.ExitAsync(1).OrThrow();
        Assert.Equal(0, await t.WaitAsync(0, options: WaitOptions.NoHang).OrThrow());
        Assert.Equal(apart.Process.Pid, await t.WaitAsync(-apart.Process.Pid).OrThrow());
        await inGroup.ExitAsync(1).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.WaitAsync(0, UserBuffer.Bad(4))).Errno);
        Assert.Equal(Errno.ECHILD, (await t.WaitAsync()).Errno);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Exit_ParentGone_NobodyWaitsForTheChild() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread child = await Fork(s, t);
        await t.ExitAsync().OrThrow();
        Assert.Equal(0, await child.GetppidAsync().OrThrow());
        Assert.Equal(SysResult.Ok(), await child.ExitAsync());
        Assert.Equal(2, s.Of(MachineEventKind.ProcessEnded).Count());
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Exit_AskedTwice_OneEndsItTheOtherEsrch() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        ValueTask<SysResult> inside = app.CreateThread().ExitAsync(1);
        ValueTask<SysResult> outside = app.ExitAsync(2);
        SysResult[] results = [await inside, await outside];
        Assert.Contains(SysResult.Ok(), results);
        Assert.Contains(SysResult.Error(Errno.ESRCH), results);
        Assert.Single(s.Of(MachineEventKind.ProcessEnded));
    });

    [Fact, Trait("Rule", "p-6")]
    public Task ForkExecCloseExit_Racing_EveryReferenceIsGivenBack() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread forker = app.CreateThread();
        UserThread cloner = app.CreateThread();
        UserThread closer = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await oob.CreateXbufAsync(null, 8, 8).OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[4]);
        ValueTask<SysResult> forking = forker.ForkAsync();
        ValueTask<SysResult> cloning = cloner.ForkAsync(CloneFlags.Files);
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        EvlProcess child = s.Machine.GetProcess(await forking.OrThrow())!;
        EvlProcess clone = s.Machine.GetProcess(await cloning.OrThrow())!;
        ValueTask<SysResult> executing = clone.MainThread!.ExecAsync();
        ValueTask<SysResult> exiting = app.ExitAsync();
        ValueTask<SysResult> writing = child.MainThread!.WriteAsync(fd, new byte[4]);
        ValueTask<SysResult> reading2 = clone.MainThread!.Process.CreateThread().ReadAsync(1, new byte[1]);
        Assert.Equal(SysResult.Ok(), await exiting);
        Assert.Contains((await closing).Errno, new[] { Errno.None, Errno.ESRCH });
        Assert.Contains((await reading).Errno, new[] { Errno.None, Errno.EINTR, Errno.EIDRM, Errno.EBADF, Errno.ESRCH });
        Assert.Contains((await writing).Errno, new[] { Errno.None, Errno.EBADF });
        Assert.Contains((await executing).Errno, new[] { Errno.None });
        await reading2;
        Assert.Equal(SysResult.Ok(), await clone.ExitAsync());
        Assert.Equal(SysResult.Ok(), await child.ExitAsync());
        Assert.Equal(3, s.Of(MachineEventKind.ProcessEnded).Count());
        // Whoever closed last, the cross-buffer was released once, and the console is the machine's alone again.
        await s.Machine.DisposeAsync();
        s.AssertSound(everythingClosed: false);
        Assert.Single(s.Of(MachineEventKind.ReleaseDone), e => e.File == Xbuf(s, fd));
        long console = s.Of(MachineEventKind.InBandReferencePut).Last(e => e.File == 1).Count;
        Assert.Equal(1, console);
    });

    [Fact, Trait("Rule", "p-6")]
    public Task Dispose_ForkUnderWay_TheChildEndsToo() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        ValueTask<SysResult> forking = t.ForkAsync();
        await s.Machine.DisposeAsync();
        SysResult result = await forking;
        int processes = s.Of(MachineEventKind.ProcessForked).Count() + 1;
        Assert.Equal(processes, s.Of(MachineEventKind.ProcessEnded).Count());
        Assert.True(result.IsError || processes == 2, $"{result}");
    });

    private static long Xbuf(Scenario s, int fd) => s.Of(MachineEventKind.HookInstall).First(e => e.Fd == fd).File;

    private static IEnumerable<MachineEvent> Hooks(Scenario s) =>
        s.Of(MachineEventKind.HookInstall, MachineEventKind.HookReplace, MachineEventKind.HookUninstall);

    private static async Task<UserThread> Fork(Scenario s, UserThread t, CloneFlags flags = CloneFlags.None) =>
        s.Machine.GetProcess(await t.ForkAsync(flags).OrThrow())!.MainThread!;

    private static async Task<(int Pid, WaitStatus Status)> Wait(UserThread t)
    {
        byte[] status = new byte[WaitStatus.Bytes];
        int pid = await t.WaitAsync(-1, status).OrThrow();
        return (pid, WaitStatus.ReadFrom(status));
    }

    /// <summary>Its open sleeps until it is interrupted.</summary>
    private sealed class GateDevice : CharDevice
    {
        private readonly WaitQueue _queue = new();

        protected internal override async IoTask Open(IoCall call) =>
            await _queue.Wait(call) is { IsError: true } interrupted ? interrupted : 0;
    }
}
