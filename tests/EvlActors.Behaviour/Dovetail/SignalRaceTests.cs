using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Signals against the beginning and the end of a sleep, against each other, and against the end of a thread.</summary>
public abstract class SignalRaceTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Signal_AgainstSleepBegin_NeitherLostNorTwice() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf, Counter counter) = await Start(s, restart: false);
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[1]).AsTask();
        await t.Kill(Signal.SIGUSR1).OrThrow();
        // Before the call, at its entry or in its sleep: in the first two the handler ran and the call sleeps.
        Task<SysResult> writing = Later(oob, xbuf);
        SysResult result = await reading;
        await writing;
        Assert.True(result.Errno == Errno.EINTR || result == SysResult.Ok(1), result.ToString());
        Assert.Equal(1, counter.Value);
        if (result.IsError)
            Assert.Equal(1, (await t.ReadAsync(xbuf, new byte[1])).OrThrow());
    });

    [Fact]
    public Task Signal_AgainstSleepEnd_NoByteLost() => Play(async s =>
    {
        (UserThread t, UserThread oob, int xbuf, Counter counter) = await Start(s, restart: false);
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[1]).AsTask();
        await s.UntilAsleep(t);
        ValueTask<SysResult> writing = oob.OobWriteAsync(xbuf, new byte[1]);
        ValueTask<SysResult> killing = t.Kill(Signal.SIGUSR1);
        SysResult result = await reading;
        await writing;
        await killing;
        Assert.Equal(result.IsError ? Errno.EINTR : Errno.None, result.Errno);
        if (result.IsError)
            Assert.Equal(1, (await t.ReadAsync(xbuf, new byte[1])).OrThrow());
        await t.DupAsync(0).OrThrow();
        Assert.Equal(1, counter.Value);
    });

    [Fact]
    public Task Signals_AgainstRestarts_EveryOneRunsAndTheCallEnds() => Play(async s =>
    {
        const int signals = 5;
        (UserThread t, UserThread oob, int xbuf, Counter counter) = await Start(s, restart: true);
        await t.SigactionAsync(Signal.SIGRTMIN, SigAction.Handle(_ => counter.Value++, restart: true)).OrThrow();
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[1]).AsTask();
        UserThread sender = s.Machine.CreateProcess().CreateThread();
        for (int i = 0; i < signals; i++)
            await sender.SigqueueAsync(t.Process.Pid, Signal.SIGRTMIN, i).OrThrow();
        await oob.OobWriteAsync(xbuf, new byte[1]).OrThrow();
        Assert.Equal(1, (await reading).OrThrow());
        await t.DupAsync(0).OrThrow();
        Assert.Equal(signals, counter.Value);
    });

    [Fact]
    public Task Unblock_AgainstOffers_ProcessSignalNotLost() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread a = app.CreateThread();
        UserThread b = app.CreateThread();
        int ran = 0;
        SigSet set = SigSet.Of(Signal.SIGUSR1);
        await a.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => Interlocked.Increment(ref ran))).OrThrow();
        await a.SigprocmaskAsync(SigMaskHow.Block, set);
        await b.SigprocmaskAsync(SigMaskHow.Block, set);
        ValueTask<SysResult> killing = app.Kill(Signal.SIGUSR1);
        ValueTask<SysResult> unblocking = a.SigprocmaskAsync(SigMaskHow.Unblock, set);
        await killing;
        await unblocking;
        await a.DupAsync(0).OrThrow();
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task ThreadEnd_AgainstProcessSignal_TheOtherThreadGetsIt() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread a = app.CreateThread();
        UserThread b = app.CreateThread();
        int ran = 0;
        await a.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => Interlocked.Increment(ref ran))).OrThrow();
        ValueTask<SysResult> killing = app.Kill(Signal.SIGUSR1);
        ValueTask<SysResult> exiting = a.ExitThreadAsync();
        await killing;
        await exiting;
        await b.SigpendingAsync();
        await b.DupAsync(0).OrThrow();
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task Kill_AgainstHandlers_ProcessEnds() => Play(async s =>
    {
        (UserThread t, UserThread _, int xbuf, Counter _) = await Start(s, restart: true);
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[1]).AsTask();
        UserThread sender = s.Machine.CreateProcess().CreateThread();
        ValueTask<SysResult> killing = t.Process.Kill(Signal.SIGUSR1);
        await sender.KillAsync(t.Process.Pid, Signal.SIGKILL).OrThrow();
        await killing;
        Assert.True((await reading).IsError);
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
    });

    [Fact]
    public Task Signal_AgainstOobSleep_ReaderInBandOrServed() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread other = app.CreateThread();
        UserThread t = await s.OobThread(app);
        int ran = 0;
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++)).OrThrow();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        Task<SysResult> reading = t.OobReadAsync(xbuf, new byte[4]).AsTask();
        ValueTask<SysResult> killing = t.Kill(Signal.SIGUSR1);
        await other.WriteAsync(xbuf, new byte[4]).OrThrow();
        SysResult result = await reading;
        await killing;
        Assert.True(result == Errno.EINTR || result == SysResult.Ok(4), result.ToString());
        if (result.IsError)
            Assert.Equal(4, (await t.OobReadAsync(xbuf, new byte[4])).OrThrow());
        await t.DupAsync(0).OrThrow();
        Assert.Equal(1, ran);
    });

    private static async Task<SysResult> Later(UserThread oob, int xbuf) => await oob.OobWriteAsync(xbuf, new byte[1]);

    private static async Task<(UserThread InBand, UserThread Oob, int Xbuf, Counter Counter)> Start(Scenario s, bool restart)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        var counter = new Counter();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => counter.Value++, restart)).OrThrow();
        return (t, oob, await t.CreateXbufAsync(null, 64, 64).OrThrow(), counter);
    }

    private sealed class Counter
    {
        internal int Value { get; set; }
    }
}
