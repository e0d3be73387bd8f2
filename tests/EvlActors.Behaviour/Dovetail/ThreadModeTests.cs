using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Mode bits, counters, and SIGDEBUG.</summary>
public abstract class ThreadModeTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const EvlThreadMode Warnings = EvlThreadMode.Woss | EvlThreadMode.Woli | EvlThreadMode.Wosx;

    [Fact]
    public Task SetAndClearMode_SequenceOfTheCore_OldMasks() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 1);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(0, (await t.SetThreadModeAsync(fd, Warnings)).OrThrow());
        Assert.Equal((int)(Warnings | EvlThreadMode.HmSig), (await t.SetThreadModeAsync(fd, EvlThreadMode.None)).OrThrow());
        Assert.Equal((int)(Warnings | EvlThreadMode.HmSig), (await t.ClearThreadModeAsync(fd, EvlThreadMode.Woss)).OrThrow());
        const EvlThreadMode left = EvlThreadMode.Woli | EvlThreadMode.Wosx | EvlThreadMode.HmSig;
        Assert.Equal((int)left, (await t.ClearThreadModeAsync(fd, EvlThreadMode.Woli | EvlThreadMode.Wosx)).OrThrow());
        Assert.Equal(0, (await t.SetThreadModeAsync(fd, EvlThreadMode.None)).OrThrow());
        Assert.False(t.IsInband);
    });

    [Fact]
    public Task SetMode_HmObsOrUnknown_Einval() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 1);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.SetThreadModeAsync(fd, Warnings | EvlThreadMode.HmObs)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SetThreadModeAsync(fd, (EvlThreadMode)1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ClearThreadModeAsync(fd, (EvlThreadMode)1)).Errno);
        Assert.Equal(0, (await t.SetThreadModeAsync(fd, EvlThreadMode.None)).OrThrow());
    });

    [Fact]
    public Task ClearMode_TheOnlyMeans_TakesTheWarnings() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 1);
        int fd = await t.AttachAsync().OrThrow();
        await t.SetThreadModeAsync(fd, Warnings).OrThrow();
        await t.ClearThreadModeAsync(fd, EvlThreadMode.HmSig).OrThrow();
        Assert.Equal(0, (await t.SetThreadModeAsync(fd, EvlThreadMode.None)).OrThrow());
    });

    [Fact, Trait("Case", "C008")]
    public Task OobRead_WeakWithWoss_CountedAndSilent() => Play(async s =>
    {
        (UserThread t, List<SigInfo> notices) = await Watched(s, SchedPolicy.Other, 0);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        await t.WriteAsync(xbuf, new byte[4]).OrThrow();
        EvlThreadStatistics before = await t.GetStatisticsAsync();
        Assert.Equal(4, (await t.OobReadAsync(xbuf, new byte[4])).OrThrow());
        EvlThreadStatistics after = await t.GetStatisticsAsync();
        Assert.True(t.IsInband);
        Assert.Equal(before.InBandSwitches + 1, after.InBandSwitches);
        Assert.Equal(before.Syscalls + 1, after.Syscalls);
        Assert.Equal(before.ContextSwitches + 1, after.ContextSwitches);
        Assert.Empty(notices);
    });

    [Fact, Trait("Case", "C009")]
    public Task Read_OobThreadWithWoss_ServedWithOneSigdebug() => Play(async s =>
    {
        (UserThread t, List<SigInfo> notices) = await Watched(s, SchedPolicy.Fifo, 10);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        Assert.Equal(4, (await t.OobWriteAsync(xbuf, new byte[4])).OrThrow());
        notices.Clear();
        EvlThreadStatistics before = await t.GetStatisticsAsync();
        Assert.Equal(4, (await t.ReadAsync(xbuf, new byte[4])).OrThrow());
        EvlThreadStatistics after = await t.GetStatisticsAsync();
        Assert.Equal(before.InBandSwitches + 1, after.InBandSwitches);
        Assert.Equal(before.Syscalls, after.Syscalls);
        SigInfo notice = Assert.Single(notices);
        Assert.Equal(Signal.SIGDEBUG, notice.Number);
        Assert.Equal(SwitchCause.SysDemote, notice.SwitchCause);
        Assert.True(t.IsInband);
        await t.DupAsync(xbuf).OrThrow();
        Assert.Single(notices);
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(99, new byte[1])).Errno);
        Assert.False(t.IsInband);
    });

    [Fact, Trait("Case", "C010")]
    public Task SwitchInband_WithWoss_CountedAndSilent() => Play(async s =>
    {
        (UserThread t, List<SigInfo> notices) = await Watched(s, SchedPolicy.Fifo, 10);
        await t.SwitchOobAsync().OrThrow();
        notices.Clear();
        long before = (await t.GetStatisticsAsync()).InBandSwitches;
        Assert.Equal(SysResult.Ok(), await t.SwitchInbandAsync());
        Assert.Equal(before + 1, (await t.GetStatisticsAsync()).InBandSwitches);
        Assert.Empty(notices);
    });

    [Fact]
    public Task Detach_WithWoss_Silent() => Play(async s =>
    {
        (UserThread t, List<SigInfo> notices) = await Watched(s, SchedPolicy.Fifo, 10);
        await t.SwitchOobAsync().OrThrow();
        notices.Clear();
        await t.DetachAsync().OrThrow();
        Assert.True(t.IsInband);
        Assert.Empty(notices);
        Assert.Equal(default, await t.GetStatisticsAsync());
    });

    [Fact]
    public Task Read_WithWossAndNoHandler_ProcessEnds() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 10);
        int fd = await t.AttachAsync().OrThrow();
        await t.SetThreadModeAsync(fd, EvlThreadMode.Woss).OrThrow();
        await t.ReadAsync(0, new byte[1]);
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Count == (long)Signal.SIGDEBUG);
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
    });

    [Fact]
    public Task Statistics_OfASleep_CountsTheWayBack() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = await s.OobThread(app);
        UserThread other = app.CreateThread();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        long before = (await t.GetStatisticsAsync()).ContextSwitches;
        ValueTask<SysResult> reading = t.OobReadAsync(xbuf, new byte[1]);
        await s.UntilAsleep(t);
        await other.WriteAsync(xbuf, new byte[1]).OrThrow();
        await reading;
        EvlThreadStatistics after = await t.GetStatisticsAsync();
        Assert.Equal(before + 1, after.ContextSwitches);
        Assert.Equal(0, after.RemoteWakeUps);
        Assert.Equal(EvlThreadState.User, after.State);
    });

    private static async Task<(UserThread Thread, List<SigInfo> Notices)> Watched(Scenario s, SchedPolicy policy, int priority)
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(policy, priority);
        var notices = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGDEBUG, SigAction.Handle(notices.Add)).OrThrow();
        int fd = await t.AttachAsync().OrThrow();
        await t.SetThreadModeAsync(fd, EvlThreadMode.Woss | EvlThreadMode.HmSig).OrThrow();
        return (t, notices);
    }
}
