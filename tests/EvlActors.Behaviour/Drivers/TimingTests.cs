using System.Buffers.Binary;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Periods and sleeps, of user and kernel threads.</summary>
public abstract class TimingTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const long Ms = 1_000_000;
    private const long Hour = 3600L * 1000 * Ms;

    [Fact, Trait("Rule", "M")]
    public Task WaitPeriod_PeriodLongerThanAllTime_SleepsUntilUnblocked() => Play(async s =>
    {
        (UserThread t, int self) = await Attached(s);
        await t.SetPeriodAsync(self, EvlTimespec.FromNs(1), new EvlTimespec(long.MaxValue, 0)).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.WaitPeriodAsync(self));
        ValueTask<SysResult> waiting = t.WaitPeriodAsync(self);
        await s.UntilAsleep(t);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await waiting).Errno);
    });

    [Fact, Trait("Case", "C284"), Trait("Rule", "M")]
    public Task WaitPeriod_NotPeriodicOrNotAttached_Refused() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread plain = app.CreateThread(), t = app.CreateThread(SchedPolicy.Fifo, 10), other = await s.OobThread(app);
        int fd = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.EPERM, (await plain.WaitPeriodAsync(fd)).Errno);
        Assert.Equal(Errno.EPERM, (await plain.WaitPeriodAsync(99)).Errno);
        Assert.Equal(Errno.EPERM, (await plain.SetPeriodAsync(fd, default, At(Ms))).Errno);
        Assert.Equal(Errno.EPERM, (await other.SetPeriodAsync(fd, default, At(Ms))).Errno);
        Assert.Equal(Errno.EPERM, (await other.WaitPeriodAsync(fd)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.WaitPeriodAsync(fd)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SetPeriodAsync(fd, new EvlTimespec(-1, 0), At(Ms))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SetPeriodAsync(fd, default, new EvlTimespec(-1, 0))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SetPeriodAsync(fd, default, new EvlTimespec(0, 1_000_000_000))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.SetPeriodAsync(fd, new EvlTimespec(0, -1), At(Ms))).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.WaitPeriodAsync(fd)).Errno);
        await t.SetPeriodAsync(fd, default, At(Ms)).OrThrow();
        Assert.NotEqual(Errno.EAGAIN, (await t.WaitPeriodAsync(fd)).Errno);
        await t.SetPeriodAsync(fd, default, default).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.WaitPeriodAsync(fd)).Errno);
        // In-band there is no such request.
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 0x80085411)).Errno);
        await t.DetachAsync().OrThrow();
        int again = await t.AttachAsync().OrThrow();
        Assert.Equal(Errno.ESTALE, (await t.WaitPeriodAsync(fd)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.WaitPeriodAsync(again)).Errno);
    });

    [Fact, Trait("Case", "C284"), Trait("Rule", "M")]
    public Task WaitPeriod_InTime_ReleasedAtItsDates() => Play(async s =>
    {
        (UserThread t, int fd) = await Attached(s);
        long first = await Now(t) + Ms;
        await t.SetPeriodAsync(fd, At(first), At(Hour)).OrThrow();
        byte[] overruns = [9, 9, 9, 9, 9, 9, 9, 9];
        Assert.Equal(SysResult.Ok(), await t.WaitPeriodAsync(fd, overruns));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(overruns));
        Assert.InRange(await Now(t), first, first + Hour);
        Assert.False(t.IsInband);
    });

    [Fact, Trait("Case", "C284"), Trait("Rule", "M")]
    public Task WaitPeriod_DatesMissed_EtimedoutAndHowMany() => Play(async s =>
    {
        (UserThread t, int fd) = await Attached(s);
        long first = await Now(t) + Ms;
        await t.SetPeriodAsync(fd, At(first), At(2 * Ms)).OrThrow();
        // Three release points pass: one is taken, two are missed.
        Assert.Equal(SysResult.Ok(), await t.EvlSleepUntilAsync(At(first + (5 * Ms))));
        long before = await Now(t);
        byte[] missed = new byte[8];
        SysResult result = await t.WaitPeriodAsync(fd, missed);
        long after = await Now(t);
        Assert.Equal(Errno.ETIMEDOUT, result.Errno);
        Assert.InRange(BinaryPrimitives.ReadInt64LittleEndian(missed), (before - first) / (2 * Ms), (after - first) / (2 * Ms));
        await t.EvlSleepUntilAsync(At(after + (5 * Ms))).OrThrow();
        Assert.Equal(Errno.ETIMEDOUT, (await t.WaitPeriodAsync(fd)).Errno);
        await t.EvlSleepUntilAsync(At(await Now(t) + (5 * Ms))).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.WaitPeriodAsync(fd, UserBuffer.Bad(8))).Errno);
    });

    [Fact, Trait("Case", "C284"), Trait("Rule", "M")]
    public Task WaitPeriod_Unblocked_Eintr_ClosedMeanwhile_Eidrm() => Play(async s =>
    {
        (UserThread t, int fd) = await Attached(s);
        UserThread other = t.Process.CreateThread();
        await t.SetPeriodAsync(fd, default, At(Hour)).OrThrow();
        ValueTask<SysResult> waiting = t.WaitPeriodAsync(fd);
        await s.UntilAsleep(t);
        Assert.Equal(SysResult.Ok(), await other.UnblockThreadAsync(fd));
        Assert.Equal(Errno.EINTR, (await waiting).Errno);
        Assert.False(t.IsInband);
        long last = s.Of(MachineEventKind.CallWoken).Last(e => e.Tid == t.Tid).Sequence;
        waiting = t.WaitPeriodAsync(fd);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid && e.Sequence > last);
        Assert.Equal(SysResult.Ok(), await other.CloseAsync(fd));
        Assert.Equal(Errno.EIDRM, (await waiting).Errno);
    });

    [Fact, Trait("Case", "C284"), Trait("Rule", "M")]
    public Task KernelThread_Period_AsAUserThreads() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var results = new List<SysResult>();
        var done = new WaitQueue();
        long overruns = 0;
        long first = 0;
        device.InBand[1] = async call =>
        {
            KernelThread thread = device.Run("periodic", async self =>
            {
                results.Add(await self.WaitPeriod());
                results.Add(self.SetPeriod(-1, Ms));
                results.Add(self.SetPeriod(0, -1));
                first = device.NowNs + Ms;
                results.Add(self.SetPeriod(first, Hour));
                results.Add(await self.WaitPeriod());
                results.Add(self.SetPeriod(first, Ms));
                await self.SleepUntil(first + (3 * Ms));
                results.Add(await self.WaitPeriod());
                overruns = self.Overruns;
                results.Add(self.SetPeriod(0, Hour));
                done.WakeAll();
                results.Add(await self.WaitPeriod());
                return device.NowNs;
            });
            await thread.Started(call);
            while (results.Count < 8)
                await done.Wait(call);
            await thread.Stop(call);
            return thread.Result;
        };
        long nowNs = (await t.IoctlAsync(fd, 1)).Value;
        Assert.Equal(
            [Errno.EAGAIN, Errno.EINVAL, Errno.EINVAL, Errno.None, Errno.None, Errno.None, Errno.ETIMEDOUT, Errno.None, Errno.EINTR],
            results.Select(result => result.Errno));
        Assert.InRange(overruns, 3, (nowNs - first) / Ms);
    });

    [Fact, Trait("Rule", "M")]
    public Task EvlSleep_OobThread_SleepsThere_PlainEperm() => Play(async s =>
    {
        (UserThread t, _) = await Attached(s);
        UserThread plain = t.Process.CreateThread();
        UserThread weak = t.Process.CreateThread();
        await weak.AttachAsync().OrThrow();
        Assert.Equal(Errno.EPERM, (await plain.EvlUsleepAsync(1)).Errno);
        Assert.Equal(Errno.EPERM, (await plain.EvlSleepUntilAsync(default)).Errno);
        Assert.Equal(Errno.EPERM, (await plain.EvlSleepUntilAsync(new EvlTimespec(0, -1))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.EvlSleepUntilAsync(new EvlTimespec(0, 1_000_000_000))).Errno);
        Assert.Equal(SysResult.Ok(), await t.EvlSleepUntilAsync(new EvlTimespec(-1, 0)));
        Assert.Equal(Errno.EINVAL, (await t.EvlSleepUntilAsync(new EvlTimespec(0, -1))).Errno);
        Assert.Equal(SysResult.Ok(), await t.EvlSleepUntilAsync(default));
        long before = await Now(t);
        EvlThreadStatistics counted = await t.GetStatisticsAsync();
        Assert.Equal(SysResult.Ok(), await t.EvlUsleepAsync(2000));
        Assert.True(await Now(t) >= before + (2 * Ms));
        EvlThreadStatistics after = await t.GetStatisticsAsync();
        Assert.Equal((counted.Syscalls + 1, counted.ContextSwitches + 1), (after.Syscalls, after.ContextSwitches));
        Assert.False(t.IsInband);
        long switches = (await weak.GetStatisticsAsync()).InBandSwitches;
        Assert.Equal(SysResult.Ok(), await weak.EvlUsleepAsync(1));
        Assert.True(weak.IsInband);
        Assert.Equal(switches + 1, (await weak.GetStatisticsAsync()).InBandSwitches);
    });

    [Theory, Trait("Rule", "M")]
    [InlineData(true)]
    [InlineData(false)]
    public Task EvlSleep_Interrupted_Eintr(bool bySignal) => Play(async s =>
    {
        (UserThread t, int fd) = await Attached(s);
        UserThread other = t.Process.CreateThread();
        int handled = 0;
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { Interlocked.Increment(ref handled); }, restart: true)).OrThrow();
        ValueTask<SysResult> sleeping = t.EvlUsleepAsync(uint.MaxValue);
        await s.UntilAsleep(t);
        Assert.Equal(EvlThreadState.User | EvlThreadState.Delay, (await t.GetStatisticsAsync()).State);
        if (bySignal)
            await t.Kill(Signal.SIGUSR1).OrThrow();
        else
            await other.UnblockThreadAsync(fd).OrThrow();
        Assert.Equal(Errno.EINTR, (await sleeping).Errno);
        Assert.Equal(bySignal, t.IsInband);
        Assert.Equal(bySignal ? 1 : 0, Volatile.Read(ref handled));
        // The date of the sleep that was ended disturbs no later one.
        using var cancellation = new CancellationTokenSource();
        long last = s.Events[^1].Sequence;
        sleeping = t.EvlUsleepAsync(uint.MaxValue, cancellation.Token);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Sequence > last);
        cancellation.Cancel();
        Assert.Equal(Errno.EINTR, (await sleeping).Errno);
    });

    [Fact, Trait("Rule", "M")]
    public Task EvlSleep_ProcessEnds_NobodyWaitsForIt() => Play(async s =>
    {
        (UserThread t, _) = await Attached(s);
        ValueTask<SysResult> sleeping = t.EvlUsleepAsync(uint.MaxValue);
        await s.UntilAsleep(t);
        await t.Process.ExitAsync().OrThrow();
        Assert.True((await sleeping).IsError);
    });

    [Fact, Trait("Rule", "M")]
    public Task Sleep_OfHandlers_EpermWhereItCantBlock() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        UserThread other = t.Process.CreateThread();
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { }, restart: true)).OrThrow();
        SysResult inTimer = default;
        var shot = new EvlFlag();
        device.InBand[1] = call => call.Sleep(call.Argument);
        device.InBand[2] = _ =>
        {
            device.NewTimer(async context =>
            {
                inTimer = await context.Sleep(1);
                shot.Raise();
                return 0;
            }).Start(device.NowNs);
            return SysResult.Ok();
        };
        device.OutOfBand[3] = call => shot.Wait(call);
        Assert.Equal(Errno.EPERM, (await t.IoctlAsync(fd, 1, 1)).Errno);
        await t.IoctlAsync(fd, 2).OrThrow();
        await oob.OobIoctlAsync(fd, 3).OrThrow();
        Assert.Equal(Errno.EPERM, inTimer.Errno);
        long before = await Now(t);
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1, Ms));
        Assert.True(await Now(t) >= before + Ms);
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1, -1));
        long last = s.Events[^1].Sequence;
        ValueTask<SysResult> sleeping = oob.OobIoctlAsync(fd, 1, Hour);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == oob.Tid && e.Sequence > last);
        await oob.Kill(Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await sleeping).Errno);
    });

    private static EvlTimespec At(long ns) => EvlTimespec.FromNs(ns);

    private static async Task<long> Now(UserThread thread) => (await thread.ClockGettimeAsync(ClockId.Monotonic)).Value;

    private static async Task<(UserThread Thread, int Fd)> Attached(Scenario s)
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        return (t, await t.AttachAsync().OrThrow());
    }
}
