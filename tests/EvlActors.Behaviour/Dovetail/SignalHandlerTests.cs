using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Delivery: EINTR and restarts, handlers that make calls, that throw, that nest; signals out-of-band.</summary>
public abstract class SignalHandlerTests(EngineUnderTest engine) : MachineTests(engine)
{
    private Task? _left;

    [Fact]
    public Task Read_HandlerWithoutRestart_HandlerThenEintr() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf) = await Threads(s);
        var order = new List<string>();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => order.Add("handler"))).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        order.Add("read");
        Assert.Equal(["handler", "read"], order);
        await oob.OobWriteAsync(xbuf, new byte[2]).OrThrow();
        Assert.Equal(2, (await t.ReadAsync(xbuf, new byte[2])).OrThrow());
    });

    [Fact]
    public Task Read_HandlerWithRestart_MadeAgainAfterIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf) = await Threads(s);
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++, restart: true)).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[2]).AsTask();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallRestarted && e.Tid == t.Tid);
        await oob.OobWriteAsync(xbuf, new byte[2]).OrThrow();
        Assert.Equal(2, (await reading).OrThrow());
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task Read_RestartAfterDescriptorWasReplaced_LookedUpAfresh() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf) = await Threads(s);
        int other = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(async (thread, _) => await thread.Dup2Async(other, xbuf).OrThrow(), restart: true)).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[2]).AsTask();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallRestarted && e.Tid == t.Tid);
        await oob.OobWriteAsync(other, new byte[2]).OrThrow();
        Assert.Equal(2, (await reading).OrThrow());
    });

    [Fact]
    public Task Read_UnblockedOrCancelledAndSignalled_NeverMadeAgain() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++, restart: true)).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(t);
        t.Unblock();
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await t.DupAsync(0).OrThrow();
        Assert.Equal(1, ran);
        Assert.DoesNotContain(s.Of(MachineEventKind.CallRestarted), e => e.Nr == SyscallNumber.Read);
    });

    [Fact]
    public Task Read_CancelledWhileTheHandlerRuns_Eintr() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        using var cancel = new CancellationTokenSource();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(async (thread, _) =>
        {
            cancel.Cancel();
            await thread.DupAsync(0).OrThrow();
        }, restart: true)).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(xbuf, new byte[2], cancel.Token);
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
    });

    [Fact]
    public Task Handler_MakesCallsOfItsOwn_AcceptedWhileTheCallWaits() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf) = await Threads(s);
        int own = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        long got = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(async (thread, _) => got = (await thread.ReadAsync(own, new byte[3])).Value, restart: true)).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[2]).AsTask();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.SignalDelivered);
        await oob.OobWriteAsync(own, new byte[3]).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallRestarted);
        await oob.OobWriteAsync(xbuf, new byte[2]).OrThrow();
        Assert.Equal(2, (await reading).OrThrow());
        Assert.Equal(3, got);
    });

    [Fact]
    public Task Handler_InterruptedByAnother_Nests() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        var order = new List<string>();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(async (thread, _) =>
        {
            bool isFirst = order.Count == 0;
            order.Add(isFirst ? "outer" : "outer again");
            if (isFirst)
                order.Add($"outer {await thread.PauseAsync()}");
        })).OrThrow();
        await t.SigactionAsync(Signal.SIGUSR2, SigAction.Handle(_ => order.Add("inner"))).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[2]).AsTask();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Nr == SyscallNumber.Pause);
        // The handler's own signal is blocked while it runs.
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await t.Kill(Signal.SIGUSR2).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(["outer", "inner", "outer EINTR", "outer again"], order);
    });

    [Fact]
    public Task Handler_Throws_TheCallThrowsAndTheThreadGoesOn() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => throw new TimeoutException("planted"), restart: true)).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(xbuf, new byte[2]);
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await Assert.ThrowsAsync<TimeoutException>(async () => await reading);
        await t.DupAsync(0).OrThrow();
        Assert.Equal(0, (await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Empty)).Value);
    });

    [Fact]
    public Task Handler_LeavesACallBehind_Throws() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((thread, _) =>
        {
            _left = thread.ReadAsync(xbuf, new byte[1]).AsTask();
            return default;
        })).OrThrow();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await t.RaiseAsync(Signal.SIGUSR1));
        Assert.NotNull(_left);
        Assert.True((await t.DupAsync(0)).IsSuccess);
    });

    [Fact]
    public Task Handlers_OfSeveralSignals_RunBeforeTheCallReturns() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        var order = new List<Signal>();
        SigSet both = SigSet.Of(Signal.SIGUSR1, Signal.SIGUSR2);
        foreach (Signal signal in (Signal[])[Signal.SIGUSR1, Signal.SIGUSR2])
            await t.SigactionAsync(signal, SigAction.Handle(i => order.Add(i.Number), restart: signal == Signal.SIGUSR1, mask: both)).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[2]).AsTask();
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR2).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await t.Kill(Signal.SIGUSR2).OrThrow();
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await t.DupAsync(0).OrThrow();
        Assert.Equal([Signal.SIGUSR2, Signal.SIGUSR1, Signal.SIGUSR2], order);
    });

    [Fact]
    public Task Signal_ThreadNotInACall_DeliveredAtItsNextCall() => Play(async s =>
    {
        (UserThread t, UserThread _, int _) = await Threads(s);
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++)).OrThrow();
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(0, ran);
        Assert.True((await t.DupAsync(0)).IsSuccess);
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task Close_FlushInterrupted_NeverMadeAgain() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/flush", () => new SlowFlushDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { }, restart: true)).OrThrow();
        int fd = await t.OpenAsync("/dev/flush").OrThrow();
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await closing).Errno);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
    });

    [Theory]
    [InlineData(SyscallNumber.Poll)]
    [InlineData(SyscallNumber.Select)]
    [InlineData(SyscallNumber.EpollWait)]
    public Task Wait_InterruptedWithRestart_EintrAllTheSame(SyscallNumber nr) => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf) = await Threads(s);
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++, restart: true)).OrThrow();
        int set = await t.EpollCreate1Async().OrThrow();
        await t.EpollCtlAsync(set, EpollOp.Add, xbuf, new EpollEvent(PollEvents.In, 1)).OrThrow();
        var read = new FdSet();
        read.Set(xbuf);
        ValueTask<SysResult> waiting = nr switch
        {
            SyscallNumber.Poll => t.PollAsync(new PollFd[] { new(xbuf, PollEvents.In) }, -1),
            SyscallNumber.Select => t.SelectAsync(xbuf + 1, read, null, null, null),
            _ => t.EpollWaitAsync(set, new EpollEvent[1], -1),
        };
        await s.UntilAsleep(t);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await waiting).Errno);
        Assert.Equal(1, ran);
    });

    [Fact, Trait("Case", "C014")]
    public Task OobRead_SignalledAsleep_EintrInBandRingUnchanged() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, UserThread other, int xbuf) = await OobSleeper(s, restart: false);
        ValueTask<SysResult> reading = t.OobReadAsync(xbuf, new byte[8]);
        await s.UntilAsleep(t);
        await other.TkillAsync(t.Tid, Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.True(t.IsInband);
        Assert.Equal([Signal.SIGUSR1, Signal.SIGDEBUG], seen.Select(i => i.Number));
        Assert.Equal(SwitchCause.SigDemote, seen[1].SwitchCause);
        Assert.Equal(3, (await t.OobReadAsync(xbuf, new byte[3])).OrThrow());
    });

    [Fact]
    public Task OobRead_SignalledAsleepWithRestart_MadeAgainOutOfBand() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, UserThread other, int xbuf) = await OobSleeper(s, restart: true);
        byte[] buffer = new byte[8];
        Task<SysResult> reading = t.OobReadAsync(xbuf, buffer).AsTask();
        await s.UntilAsleep(t);
        await other.TkillAsync(t.Tid, Signal.SIGUSR1).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallRestarted && e.Tid == t.Tid);
        await other.WriteAsync(xbuf, "defgh"u8.ToArray()).OrThrow();
        Assert.Equal(8, (await reading).OrThrow());
        Assert.Equal("abcdefgh"u8.ToArray(), buffer);
        Assert.False(t.IsInband);
        Assert.Equal(2, seen.Count);
    });

    [Fact]
    public Task Signal_OobThreadInItsOwnCode_KickedAtOnce() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, UserThread other, int xbuf) = await OobSleeper(s, restart: false);
        Assert.False(t.IsInband);
        await other.TkillAsync(t.Tid, Signal.SIGUSR1).OrThrow();
        Assert.True(t.IsInband);
        Assert.Equal((long)SwitchCause.SigDemote, s.Of(MachineEventKind.SwitchedInBand).Last(e => e.Tid == t.Tid).Count);
        Assert.Empty(seen);
        // The signal is pending at the switch: the driver never hears of the call.
        int routed = s.Of(MachineEventKind.CallRouted).Count(e => e.Tid == t.Tid && e.Nr == SyscallNumber.OobRead);
        Assert.Equal(Errno.EINTR, (await t.OobReadAsync(xbuf, new byte[3])).Errno);
        Assert.Equal(routed, s.Of(MachineEventKind.CallRouted).Count(e => e.Tid == t.Tid && e.Nr == SyscallNumber.OobRead));
        Assert.Equal(2, seen.Count);
        Assert.Equal(3, (await t.OobReadAsync(xbuf, new byte[3])).OrThrow());
    });

    [Fact]
    public Task Body_ThrowsOutOfBand_ExDemoteAndSigsegvOnce() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 10);
        var seen = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGSEGV, SigAction.Handle(seen.Add)).OrThrow();
        await Assert.ThrowsAsync<TimeoutException>(() => app.Run(t, async thread =>
        {
            await thread.AttachAsync().OrThrow();
            throw new TimeoutException("planted");
        }));
        Assert.True(t.IsInband);
        Assert.Equal(Signal.SIGSEGV, Assert.Single(seen).Number);
        Assert.Equal((long)SwitchCause.ExDemote, s.Of(MachineEventKind.SwitchedInBand).Single().Count);
    });

    [Fact]
    public Task Body_ThrowsOutOfBandWithoutHandler_ProcessEnds() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = await s.OobThread(app);
        await Assert.ThrowsAsync<TimeoutException>(() => app.Run(t, _ => throw new TimeoutException("planted")));
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Count == (long)Signal.SIGSEGV);
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
    });

    private static async Task<(UserThread InBand, UserThread Oob, int Xbuf)> Threads(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (t, oob, await t.CreateXbufAsync(null, 64, 64).OrThrow());
    }

    private static async Task<(UserThread Thread, List<SigInfo> Seen, UserThread Other, int Xbuf)> OobSleeper(Scenario s, bool restart)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread other = app.CreateThread();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 10);
        var seen = new List<SigInfo>();
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(seen.Add, restart)).OrThrow();
        await other.SigactionAsync(Signal.SIGDEBUG, SigAction.Handle(seen.Add)).OrThrow();
        int fd = await t.AttachAsync().OrThrow();
        await t.SetThreadModeAsync(fd, EvlThreadMode.Woss).OrThrow();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        await other.WriteAsync(xbuf, "abc"u8.ToArray()).OrThrow();
        return (t, seen, other, xbuf);
    }

    private sealed class SlowFlushDevice : CharDevice
    {
        private readonly WaitQueue _queue = new();

        protected internal override async IoTask Flush(IoCall call) => await _queue.Wait(call);
    }
}
