using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Sending, masks, pending sets, queues, dispositions, and the end of a process by a signal.</summary>
public abstract class SignalTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly SigSet s_usr1 = SigSet.Of(Signal.SIGUSR1);

    [Fact]
    public Task Kill_HandlerInstalled_RunsBeforeKillReturns() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.Root with { Uid = 7 } });
        UserThread t = app.CreateThread();
        var seen = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(seen.Add)).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.KillAsync(app.Pid, Signal.SIGUSR1));
        Assert.Equal(new SigInfo(Signal.SIGUSR1, SigCode.User) { Pid = app.Pid, Uid = 7 }, Assert.Single(seen));
        Assert.Equal(SysResult.Ok(), await t.RaiseAsync(Signal.SIGUSR1));
        Assert.Equal(SigCode.Tkill, seen[1].Code);
        Assert.Equal(SysResult.Ok(), await t.SigqueueAsync(app.Pid, Signal.SIGUSR1, 42));
        Assert.Equal((SigCode.Queue, 42L), (seen[2].Code, seen[2].Value));
    });

    [Fact]
    public Task Kill_BadArguments_EveryErrno() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        foreach (int bad in (int[])[-1, 32, 33, 65])
        {
            Assert.Equal(Errno.EINVAL, (await t.KillAsync(app.Pid, (Signal)bad)).Errno);
            Assert.Equal(Errno.EINVAL, (await t.TkillAsync(t.Tid, (Signal)bad)).Errno);
            Assert.Equal(Errno.EINVAL, (await t.SigqueueAsync(app.Pid, (Signal)bad, 0)).Errno);
            Assert.Equal(Errno.EINVAL, (await t.SigactionAsync((Signal)bad, SigAction.Ignore)).Errno);
        }
        Assert.Equal(Errno.ESRCH, (await t.KillAsync(999, Signal.SIGUSR1)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.KillAsync(999, Signal.None)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.KillAsync(-999, Signal.SIGUSR1)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.TkillAsync(999, Signal.SIGUSR1)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.TgkillAsync(app.Pid + 1, t.Tid, Signal.SIGUSR1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.TgkillAsync(0, t.Tid, Signal.SIGUSR1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.TkillAsync(0, Signal.SIGUSR1)).Errno);
        Assert.Equal(SysResult.Ok(), await t.KillAsync(app.Pid, Signal.None));
        Assert.Equal(SysResult.Ok(), await t.TkillAsync(t.Tid, Signal.None));
        Assert.Equal(SysResult.Ok(), await t.KillAsync(0, Signal.None));
        Assert.Equal(Errno.EINVAL, (await t.SigactionAsync(Signal.SIGKILL, SigAction.Ignore)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SigactionAsync(Signal.SIGSTOP, SigAction.Default)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SigactionAsync(Signal.None, SigAction.Default)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SigprocmaskAsync((SigMaskHow)3, s_usr1)).Errno);
    });

    [Fact]
    public Task Kill_OtherUser_EpermUnlessRealOrEffectiveMatches() => Play(async s =>
    {
        EvlProcess root = s.Machine.CreateProcess();
        root.CreateThread();
        UserThread sender = User(s, 5, 5).CreateThread();
        EvlProcess same = User(s, 5, 5);
        EvlProcess other = User(s, 6, 6);
        same.CreateThread();
        other.CreateThread();
        UserThread effective = User(s, 9, 6).CreateThread();
        Assert.Equal(Errno.EPERM, (await sender.KillAsync(root.Pid, Signal.None)).Errno);
        Assert.Equal(Errno.EPERM, (await sender.KillAsync(other.Pid, Signal.SIGUSR1)).Errno);
        Assert.Equal(SysResult.Ok(), await sender.KillAsync(same.Pid, Signal.None));
        Assert.Equal(SysResult.Ok(), await effective.KillAsync(other.Pid, Signal.None));
        UserThread able = User(s, 5, 5, Capabilities.Kill).CreateThread();
        Assert.Equal(SysResult.Ok(), await able.KillAsync(root.Pid, Signal.None));
    });

    [Fact]
    public Task Kill_MinusOne_EveryOtherProcess() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ESRCH, (await t.KillAsync(-1, Signal.SIGCONT)).Errno);
        UserThread a = s.Machine.CreateProcess().CreateThread();
        int got = 0;
        await a.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => got++)).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.KillAsync(-1, Signal.SIGUSR1));
        await a.DupAsync(0).OrThrow();
        Assert.Equal(1, got);
    });

    [Fact]
    public Task Kill_Group_EveryProcessOfIt() => Play(async s =>
    {
        UserThread parent = s.Machine.CreateProcess().CreateThread();
        var by = new List<int>();
        await parent.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((t, _) => { by.Add(t.Process.Pid); return default; })).OrThrow();
        int first = await parent.ForkAsync().OrThrow();
        int second = await parent.ForkAsync().OrThrow();
        UserThread a = s.Machine.GetProcess(first)!.MainThread!;
        UserThread b = s.Machine.GetProcess(second)!.MainThread!;
        await b.SetpgidAsync(0, 0).OrThrow();
        // Dispositions are copied by fork: the child runs the handler as its own.
        Assert.Equal(SysResult.Ok(), await a.KillAsync(0, Signal.SIGUSR1));
        await parent.DupAsync(0).OrThrow();
        await b.DupAsync(0).OrThrow();
        Assert.Equal([first, parent.Process.Pid], by);
        Assert.Equal(SysResult.Ok(), await a.KillAsync(-second, Signal.SIGUSR1));
        await b.DupAsync(0).OrThrow();
        Assert.Equal(second, by[2]);
    });

    [Fact]
    public Task ForkAndExec_Dispositions_CopiedThenHandlersReset() => Play(async s =>
    {
        UserThread parent = s.Machine.CreateProcess().CreateThread();
        await parent.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        await parent.SigactionAsync(Signal.SIGUSR2, SigAction.Ignore).OrThrow();
        await parent.SigprocmaskAsync(SigMaskHow.Block, s_usr1);
        await parent.RaiseAsync(Signal.SIGUSR1).OrThrow();
        int pid = await parent.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        Assert.Equal(0, (await child.SigpendingAsync()).Value);
        Assert.Equal(SysResult.Ok(), await child.RaiseAsync(Signal.SIGUSR2));
        await child.ExecAsync().OrThrow();
        Assert.Equal(SysResult.Ok(), await child.RaiseAsync(Signal.SIGUSR2));
        await child.SigprocmaskAsync(SigMaskHow.SetMask, SigSet.Empty);
        await child.RaiseAsync(Signal.SIGUSR1);
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Pid == pid && e.Count == (long)Signal.SIGUSR1);
    });

    [Fact]
    public Task Signal_BlockedThenUnblocked_DeliveredBeforeSigprocmaskReturns() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        var seen = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(seen.Add)).OrThrow();
        Assert.Equal(0, (await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Signal.SIGUSR1, Signal.SIGKILL))).Value);
        await t.KillAsync(app.Pid, Signal.SIGUSR1).OrThrow();
        await t.KillAsync(app.Pid, Signal.SIGUSR1).OrThrow();
        await t.RaiseAsync(Signal.SIGUSR1).OrThrow();
        Assert.Empty(seen);
        Assert.Equal((long)s_usr1.Bits, (await t.SigpendingAsync()).Value);
        // One that was sent to the thread, and one that was sent to the process: SIGKILL never was in the mask.
        Assert.Equal((long)s_usr1.Bits, (await t.SigprocmaskAsync(SigMaskHow.Unblock, SigSet.Full)).Value);
        Assert.Equal([SigCode.Tkill, SigCode.User], seen.Select(i => i.Code));
        Assert.Equal(0, (await t.SigpendingAsync()).Value);
        Assert.Equal(0, (await t.SigprocmaskAsync(SigMaskHow.SetMask, s_usr1)).Value);
    });

    [Fact]
    public Task Signal_ProcessDirected_MainThreadUnlessItBlocks() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        UserThread second = app.CreateThread();
        var by = new List<int>();
        await main.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((t, _) => { by.Add(t.Tid); return default; })).OrThrow();
        await app.Kill(Signal.SIGUSR1).OrThrow();
        await second.DupAsync(0).OrThrow();
        Assert.Empty(by);
        await main.DupAsync(0).OrThrow();
        Assert.Equal([main.Tid], by);
        await main.SigprocmaskAsync(SigMaskHow.Block, s_usr1);
        await app.Kill(Signal.SIGUSR1).OrThrow();
        await main.DupAsync(0).OrThrow();
        await second.DupAsync(0).OrThrow();
        Assert.Equal([main.Tid, second.Tid], by);
    });

    [Fact]
    public Task Signal_AllThreadsBlock_PendingOnProcessUntilOneUnblocksOrStarts() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        var by = new List<int>();
        await main.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((t, _) => { by.Add(t.Tid); return default; })).OrThrow();
        await main.SigprocmaskAsync(SigMaskHow.Block, s_usr1);
        await app.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal((long)s_usr1.Bits, (await main.SigpendingAsync()).Value);
        UserThread late = app.CreateThread();
        await late.DupAsync(0).OrThrow();
        await late.DupAsync(0).OrThrow();
        Assert.Equal([late.Tid], by);
        Assert.Equal(0, (await main.SigpendingAsync()).Value);
    });

    [Fact]
    public Task Signal_AcceptedByThreadThatEnds_GoesBackToTheProcess() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        UserThread second = app.CreateThread();
        var by = new List<int>();
        await second.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((t, _) => { by.Add(t.Tid); return default; })).OrThrow();
        await second.SigactionAsync(Signal.SIGHUP, SigAction.Handle(async (t, _) => await t.ExitThreadAsync(), mask: s_usr1)).OrThrow();
        await main.Kill(Signal.SIGHUP).OrThrow();
        await app.Kill(Signal.SIGUSR1).OrThrow();
        // The handler of the lower signal ends the thread while the other is pending on it.
        Assert.Equal(Errno.ESRCH, (await main.DupAsync(0)).Errno);
        Assert.Empty(by);
        await second.SigpendingAsync();
        Assert.Equal([second.Tid], by);
    });

    [Fact]
    public Task RealTimeSignals_AcceptedByThreadThatEnds_GoBackInTheirOrder() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        UserThread second = app.CreateThread();
        const Signal real = Signal.SIGRTMIN + 2;
        var seen = new List<(int, long)>();
        await second.SigactionAsync(real, SigAction.Handle((t, info) => { seen.Add((t.Tid, info.Value)); return default; })).OrThrow();
        await second.SigactionAsync(Signal.SIGHUP, SigAction.Handle(async (t, _) => await t.ExitThreadAsync(), mask: SigSet.Of(real))).OrThrow();
        await main.Kill(Signal.SIGHUP).OrThrow();
        for (int i = 1; i <= 4; i++)
            await second.SigqueueAsync(app.Pid, real, i).OrThrow();
        Assert.Empty(seen);
        Assert.Equal(Errno.ESRCH, (await main.DupAsync(0)).Errno);
        await second.SigpendingAsync();
        await second.SigpendingAsync();
        Assert.Equal([(second.Tid, 1), (second.Tid, 2), (second.Tid, 3), (second.Tid, 4)], seen);
    });

    [Fact, Trait("Rule", "o-7")]
    public Task RealTimeSignals_Queued_LowestFirstInOrder() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        var seen = new List<(Signal, long)>();
        const Signal low = Signal.SIGRTMIN, high = Signal.SIGRTMIN + 1;
        await t.SigactionAsync(low, SigAction.Handle(i => seen.Add((i.Number, i.Value)))).OrThrow();
        await t.SigactionAsync(high, SigAction.Handle(i => seen.Add((i.Number, i.Value)))).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(low, high));
        await t.SigqueueAsync(app.Pid, high, 1).OrThrow();
        await t.SigqueueAsync(app.Pid, low, 2).OrThrow();
        await t.SigqueueAsync(app.Pid, high, 3).OrThrow();
        await t.SigqueueAsync(app.Pid, low, 4).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.Unblock, SigSet.Of(low, high));
        Assert.Equal([(low, 2), (low, 4), (high, 1), (high, 3)], seen);
    });

    [Fact]
    public Task RealTimeSignals_BeyondTheLimit_Eagain() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { MaxPendingSignals = 2 });
        UserThread t = app.CreateThread();
        int ran = 0;
        await t.SigactionAsync(Signal.SIGRTMAX, SigAction.Handle(_ => ran++)).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Full);
        await t.SigqueueAsync(app.Pid, Signal.SIGRTMAX, 1).OrThrow();
        await t.TkillAsync(t.Tid, Signal.SIGRTMAX).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.SigqueueAsync(app.Pid, Signal.SIGRTMAX, 3)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.KillAsync(app.Pid, Signal.SIGRTMIN)).Errno);
        Assert.Equal(SysResult.Ok(), await t.KillAsync(app.Pid, Signal.SIGUSR1));
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Ignore).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.SetMask, SigSet.Empty);
        Assert.Equal(2, ran);
        await t.SigqueueAsync(app.Pid, Signal.SIGRTMAX, 3).OrThrow();
        await t.SigqueueAsync(app.Pid, Signal.SIGRTMAX, 4).OrThrow();
        await t.SigqueueAsync(app.Pid, Signal.SIGRTMAX, 5).OrThrow();
        Assert.Equal(5, ran);
    });

    [Fact]
    public Task Sigaction_Ignore_DropsWhatIsPending() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Full);
        await t.KillAsync(app.Pid, Signal.SIGUSR1).OrThrow();
        await t.RaiseAsync(Signal.SIGUSR1).OrThrow();
        await t.RaiseAsync(Signal.SIGCHLD).OrThrow();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Ignore).OrThrow();
        await t.SigactionAsync(Signal.SIGCHLD, SigAction.Default).OrThrow();
        Assert.Equal(0, (await t.SigpendingAsync()).Value);
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Default).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.SetMask, SigSet.Empty);
        await t.DupAsync(0).OrThrow();
    });

    [Fact]
    public Task IgnoredOrBlockedSignal_Sleeper_SleepsOn() => Play(async s =>
    {
        (UserThread sleeper, UserThread other, int xbuf) = await Sleeper(s);
        await sleeper.SigactionAsync(Signal.SIGUSR1, SigAction.Ignore).OrThrow();
        await sleeper.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Signal.SIGUSR2));
        ValueTask<SysResult> reading = sleeper.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(sleeper);
        foreach (Signal nothing in (Signal[])[Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGCHLD, Signal.SIGCONT, Signal.SIGSTOP, Signal.SIGURG, Signal.SIGWINCH])
            Assert.Equal(SysResult.Ok(), await other.TkillAsync(sleeper.Tid, nothing));
        Assert.DoesNotContain(s.Of(MachineEventKind.CallWoken), e => e.Tid == sleeper.Tid);
        await other.OobWriteAsync(xbuf, new byte[2]).OrThrow();
        Assert.Equal(2, (await reading).OrThrow());
    });

    [Theory]
    [InlineData(Signal.SIGHUP)]
    [InlineData(Signal.SIGTERM)]
    [InlineData(Signal.SIGXCPU)]
    [InlineData(Signal.SIGIO)]
    [InlineData(Signal.SIGKILL)]
    [InlineData(Signal.SIGRTMIN)]
    public Task DefaultAction_SignalThatEnds_SleepersInterruptedAndFilesClosed(Signal signal) => Play(async s =>
    {
        (UserThread sleeper, UserThread other, int xbuf) = await Sleeper(s);
        UserThread sender = s.Machine.CreateProcess().CreateThread();
        ValueTask<SysResult> reading = sleeper.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(sleeper);
        Assert.Equal(SysResult.Ok(), await sender.KillAsync(sleeper.Process.Pid, signal));
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Count == (long)signal && e.Pid == sleeper.Process.Pid);
        Assert.Equal(Errno.ESRCH, (await sleeper.DupAsync(0)).Errno);
        await s.Until(e => e.Kind == MachineEventKind.HookUninstall && e.Pid == sleeper.Process.Pid && e.Fd == xbuf);
        Assert.Equal(Errno.ESRCH, (await other.DupAsync(0)).Errno);
        Assert.True((await sender.DupAsync(0)).IsSuccess);
        SysResult again = await sleeper.Process.ExitAsync();
        Assert.True(again.IsSuccess || again.Errno == Errno.ESRCH);
        Assert.Equal(Errno.ESRCH, (await sender.KillAsync(sleeper.Process.Pid, signal)).Errno);
    });

    [Fact]
    public Task DefaultAction_IdleProcess_EndsWithoutAnyCall() => Play(async s =>
    {
        EvlProcess idle = s.Machine.CreateProcess();
        UserThread t = idle.CreateThread();
        EvlProcess empty = s.Machine.CreateProcess();
        await idle.Kill(Signal.SIGTERM).OrThrow();
        await empty.Kill(Signal.SIGTERM).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Pid == idle.Pid);
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Pid == empty.Pid);
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
    });

    [Fact]
    public Task UninterruptibleSleeper_Killed_GoesOnThenEnds() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/deep", () => new DeepDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = app.CreateThread();
        int fd = await sleeper.OpenAsync("/dev/deep").OrThrow();
        UserThread sender = s.Machine.CreateProcess().CreateThread();
        int theirs = await sender.OpenAsync("/dev/deep").OrThrow();
        ValueTask<SysResult> reading = sleeper.ReadAsync(fd, new byte[1]);
        await s.UntilAsleep(sleeper);
        await sender.KillAsync(app.Pid, Signal.SIGKILL).OrThrow();
        Assert.DoesNotContain(s.Of(MachineEventKind.CallWoken), e => e.Tid == sleeper.Tid);
        await sender.WriteAsync(theirs, new byte[1]).OrThrow();
        Assert.Equal(1, (await reading).Value);
        Assert.Equal(Errno.ESRCH, (await sleeper.DupAsync(0)).Errno);
    });

    [Fact]
    public Task Kill_FromOutside_ThreadAndProcess() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        UserThread second = app.CreateThread();
        var by = new List<int>();
        await main.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((t, _) => { by.Add(t.Tid); return default; })).OrThrow();
        Assert.Equal(SysResult.Ok(), await second.Kill(Signal.SIGUSR1));
        Assert.Equal(SysResult.Ok(), await app.Kill(Signal.SIGUSR1));
        Assert.Equal(Errno.EINVAL, (await app.Kill((Signal)99)).Errno);
        await second.DupAsync(0).OrThrow();
        await main.DupAsync(0).OrThrow();
        Assert.Equal([second.Tid, main.Tid], by);
        await second.ExitThreadAsync().OrThrow();
        Assert.Equal(Errno.ESRCH, (await second.Kill(Signal.SIGUSR1)).Errno);
    });

    [Fact]
    public Task Pause_SignalWithHandler_EintrAfterIt() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++, restart: true)).OrThrow();
        ValueTask<SysResult> pause = t.PauseAsync();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGCHLD).OrThrow();
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await pause).Errno);
        Assert.Equal(1, ran);
        using var cancel = new CancellationTokenSource();
        pause = t.PauseAsync(cancel.Token);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid && e.Call > 2);
        cancel.Cancel();
        Assert.Equal(Errno.EINTR, (await pause).Errno);
    });

    [Fact]
    public Task Cancel_BeforeTheCallHasBegun_Eintr() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int xbuf = await oob.CreateXbufAsync("x", 8, 8).OrThrow();
        using var cancel = new CancellationTokenSource();
        ValueTask<SysResult> pause = t.PauseAsync(cancel.Token);
        ValueTask<SysResult> oobRead = oob.OobReadAsync(xbuf, new byte[4], cancel.Token);
        cancel.Cancel();
        Assert.Equal(Errno.EINTR, (await pause).Errno);
        Assert.Equal(Errno.EINTR, (await oobRead).Errno);
        // It was that call's: the next one sleeps.
        oobRead = oob.OobReadAsync(xbuf, new byte[4]);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == oob.Tid && e.Call > 3);
        Assert.Equal(4, await t.WriteAsync(xbuf, new byte[4]).OrThrow());
        Assert.Equal(4, await oobRead.OrThrow());
    });

    [Fact]
    public Task Alarm_Expires_SigalrmEndsThePause() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        var seen = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGALRM, SigAction.Handle(seen.Add)).OrThrow();
        Assert.Equal(0, (await t.AlarmAsync(100)).Value);
        Assert.Equal(100, (await t.AlarmAsync(0)).Value);
        Assert.Equal(0, (await t.AlarmAsync(0)).Value);
        Assert.Equal(Errno.EINVAL, (await t.AlarmAsync(-1)).Errno);
        long begun = s.Machine.Engine.MonotonicNs;
        await t.AlarmAsync(1).OrThrow();
        Assert.Equal(Errno.EINTR, (await t.PauseAsync()).Errno);
        Assert.Equal(Signal.SIGALRM, Assert.Single(seen).Number);
        Assert.True(s.Machine.Engine.MonotonicNs - begun >= 1_000_000_000);
    });

    private static EvlProcess User(Scenario s, int uid, int euid, Capabilities capabilities = Capabilities.None) =>
        s.Machine.CreateProcess(new EvlProcessOptions
        {
            Credentials = new Credentials { Uid = uid, Euid = euid, Suid = uid, Effective = capabilities, Permitted = capabilities },
        });

    private static async Task<(UserThread Sleeper, UserThread Oob, int Xbuf)> Sleeper(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread sleeper = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (sleeper, oob, await sleeper.CreateXbufAsync(null, 64, 64).OrThrow());
    }

    private sealed class DeepDevice : CharDevice
    {
        private readonly WaitQueue _queue = new();
        private bool _isThere;

        protected internal override async IoTask Read(IoCall call)
        {
            while (!_isThere)
                await _queue.WaitUninterruptible(call);
            return 1;
        }

        protected internal override IoTask Write(IoCall call)
        {
            _isThere = true;
            _queue.WakeAll();
            return SysResult.Ok(1);
        }
    }
}
