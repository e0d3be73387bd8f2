using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Linux's wait queues: who sleeps how, who is woken by what, and what the sleep returns.</summary>
public abstract class SleepTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const long Many = 100;

    // Sleepers in this order: two non-exclusive ones, uninterruptible and interruptible; then exclusive ones: i, u, i.
    private static readonly uint[] s_kinds =
    [
        SleepDevice.Wait, SleepDevice.WaitInterruptible, SleepDevice.WaitInterruptibleExclusive, SleepDevice.WaitExclusive,
        SleepDevice.WaitInterruptibleExclusive,
    ];

    [Fact, Trait("Case", "C212"), Trait("Rule", "G-1")]
    public Task WaitEventInterruptible_TrueAndASignalPending_Zero() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, SleepDevice device) = await Start(s);
        await sleeper.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, SleepDevice.WaitThenInterruptible);
        await s.UntilAsleep(sleeper);
        await t.TkillAsync(sleeper.Tid, Signal.SIGUSR1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.Equal(SysResult.Ok(), await sleeping);
        Assert.Equal(0, device.Items);
    });

    [Fact, Trait("Rule", "G-1")]
    public Task WaitEventInterruptible_FalseAndASignalPending_Eintr() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        await sleeper.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, SleepDevice.WaitThenInterruptible, Many);
        await s.UntilAsleep(sleeper);
        await t.TkillAsync(sleeper.Tid, Signal.SIGUSR1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.Equal(Errno.EINTR, (await sleeping).Errno);
    });

    [Fact, Trait("Case", "C215"), Trait("Rule", "G-1")]
    public Task WakeUpInterruptible_UninterruptibleSleeper_SleepsOnUntilWakeUp() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, SleepDevice.Wait);
        await s.UntilAsleep(sleeper);
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUpInterruptible).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUpInterruptibleAll).OrThrow();
        Assert.False(sleeping.IsCompleted);
        Assert.Empty(s.Of(MachineEventKind.CallWoken));
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.Equal(SysResult.Ok(), await sleeping);
    });

    [Theory, Trait("Case", "C216"), Trait("Rule", "G-3")]
    [InlineData(SleepDevice.Wait)]
    [InlineData(SleepDevice.ManualUninterruptible)]
    [InlineData(SleepDevice.WaitExclusive)]
    public Task UninterruptibleSleeper_Sigkill_NothingUntilWoken(uint kind) => Play(async s =>
    {
        (_, UserThread sleeper, int fd, SleepDevice device) = await Start(s);
        (UserThread other, int others) = await OfAnotherProcess(s);
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, kind);
        await s.UntilAsleep(sleeper);
        await other.KillAsync(sleeper.Process.Pid, Signal.SIGKILL).OrThrow();
        sleeper.Unblock();
        await other.IoctlAsync(others, SleepDevice.SetItems, 1).OrThrow();
        Assert.False(sleeping.IsCompleted);
        Assert.Empty(device.Left);
        Assert.DoesNotContain(s.Of(MachineEventKind.ProcessEnded), e => e.Pid == sleeper.Process.Pid);
        Assert.Equal(TaskState.Uninterruptible, sleeper.State);
        await other.IoctlAsync(others, SleepDevice.WakeUp).OrThrow();
        await sleeping;
        await s.Until(e => e.Kind == MachineEventKind.ProcessEnded && e.Pid == sleeper.Process.Pid);
        Assert.Equal([sleeper.Tid], device.Left);
        Assert.Equal(TaskState.Dead, sleeper.State);
    });

    [Theory, Trait("Rule", "G-1")]
    [InlineData(SleepDevice.WaitInterruptible)]
    [InlineData(SleepDevice.WaitInterruptibleExclusive)]
    [InlineData(SleepDevice.WaitInterruptibleTimeout)]
    [InlineData(SleepDevice.Manual)]
    [InlineData(SleepDevice.ManualExclusive)]
    public Task InterruptibleSleeper_Signal_EintrAndOutOfTheQueue(uint kind) => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        await sleeper.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, kind, long.MaxValue / 4);
        await s.UntilAsleep(sleeper);
        await t.TkillAsync(sleeper.Tid, Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await sleeping).Errno);
        Assert.Equal(0, await t.IoctlAsync(fd, SleepDevice.IsActive));
    });

    [Theory, Trait("Rule", "G-1")]
    [InlineData(SleepDevice.WakeUp, 0, "0 1 2")]
    [InlineData(SleepDevice.WakeUpSync, 0, "0 1 2")]
    [InlineData(SleepDevice.WakeUpNr, 1, "0 1 2")]
    [InlineData(SleepDevice.WakeUpNr, 2, "0 1 2 3")]
    [InlineData(SleepDevice.WakeUpNr, 0, "0 1 2 3 4")]
    [InlineData(SleepDevice.WakeUpAll, 0, "0 1 2 3 4")]
    [InlineData(SleepDevice.WakeUpInterruptible, 0, "1 2")]
    [InlineData(SleepDevice.WakeUpInterruptibleSync, 0, "1 2")]
    [InlineData(SleepDevice.WakeUpInterruptibleNr, 2, "1 2 4")]
    [InlineData(SleepDevice.WakeUpInterruptibleNr, 0, "1 2 4")]
    [InlineData(SleepDevice.WakeUpInterruptibleAll, 0, "1 2 4")]
    [InlineData(SleepDevice.WakeUpTwice, 0, "0 1 2 3")]
    public Task WakeUp_AllKindsOfSleepers_ThoseThatItIsFor(uint wake, int count, string woken) => Play(async s =>
    {
        (UserThread t, _, int fd, SleepDevice device) = await Start(s);
        var sleepers = new UserThread[s_kinds.Length];
        var sleeping = new Task<SysResult>[s_kinds.Length];
        for (int i = 0; i < sleepers.Length; i++)
        {
            sleepers[i] = t.Process.CreateThread();
            sleeping[i] = sleepers[i].IoctlAsync(fd, s_kinds[i]).AsTask();
            await s.UntilAsleep(sleepers[i]);
        }
        await t.IoctlAsync(fd, SleepDevice.SetItems, Many).OrThrow();
        await t.IoctlAsync(fd, wake, count).OrThrow();
        int[] expected = [.. woken.Split(' ').Select(int.Parse)];
        foreach (int i in expected)
            Assert.Equal(SysResult.Ok(), await sleeping[i]);
        Assert.Equal(expected.Select(i => sleepers[i].Tid).Order(), device.Left.Order());
        Assert.Equal(expected.Length, s.Of(MachineEventKind.CallWoken).Count());
        await t.IoctlAsync(fd, SleepDevice.WakeUpAll).OrThrow();
        foreach (Task<SysResult> rest in sleeping)
            Assert.Equal(SysResult.Ok(), await rest);
    });

    [Fact, Trait("Rule", "G-1")]
    public Task WakeUp_ExclusiveSleepers_OneEachInOrderOfArrival() => Play(async s =>
    {
        (UserThread t, _, int fd, SleepDevice device) = await Start(s);
        UserThread[] sleepers = [t.Process.CreateThread(), t.Process.CreateThread(), t.Process.CreateThread()];
        var sleeping = new List<Task<SysResult>>();
        foreach (UserThread sleeper in sleepers)
        {
            sleeping.Add(sleeper.IoctlAsync(fd, SleepDevice.WaitExclusive).AsTask());
            await s.UntilAsleep(sleeper);
        }
        await t.IoctlAsync(fd, SleepDevice.SetItems, Many).OrThrow();
        foreach (Task<SysResult> next in sleeping)
        {
            await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
            Assert.Equal(SysResult.Ok(), await next);
        }
        Assert.Equal(sleepers.Select(sleeper => sleeper.Tid), device.Left);
    });

    [Fact, Trait("Rule", "G-1")]
    public Task WakeUp_NobodyThere_NotLatched() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        await t.IoctlAsync(fd, SleepDevice.WakeUpAll).OrThrow();
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, SleepDevice.WaitInterruptible);
        await s.UntilAsleep(sleeper);
        // Woken with the condition false it sleeps again.
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && s.Of(MachineEventKind.CallAsleep).Count() == 2);
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.Equal(SysResult.Ok(), await sleeping);
    });

    [Theory, Trait("Rule", "G-1")]
    [InlineData(SleepDevice.WaitTimeout)]
    [InlineData(SleepDevice.WaitInterruptibleTimeout)]
    public Task WaitEventTimeout_TrueAtOnceWokenOrAtTheDate_WhatIsLeft(uint wait) => Play(async s =>
    {
        const long TimeoutNs = 3_000_000;
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        Assert.Equal(0, await sleeper.IoctlAsync(fd, wait, TimeoutNs));
        Assert.Equal(0, await sleeper.IoctlAsync(fd, wait, 0));
        await t.IoctlAsync(fd, SleepDevice.SetItems, Many).OrThrow();
        Assert.InRange((await sleeper.IoctlAsync(fd, wait, TimeoutNs)).OrThrow(), 1, TimeoutNs);
        // Time is up, but what was waited for is there.
        Assert.Equal(1, await sleeper.IoctlAsync(fd, wait, 0));
        UserThread other = t.Process.CreateThread();
        await t.IoctlAsync(fd, SleepDevice.SetItems, 0).OrThrow();
        ValueTask<SysResult> quiet = other.IoctlAsync(fd, wait, TimeoutNs);
        await s.UntilAsleep(other);
        await t.IoctlAsync(fd, SleepDevice.SetItems, Many).OrThrow();
        // Nobody wakes it: the date does, and it finds the condition true.
        Assert.InRange((await quiet).OrThrow(), 1, TimeoutNs);
        UserThread third = t.Process.CreateThread();
        await t.IoctlAsync(fd, SleepDevice.SetItems, 0).OrThrow();
        ValueTask<SysResult> woken = third.IoctlAsync(fd, wait, long.MaxValue / 4);
        await s.UntilAsleep(third);
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.True((await woken).Value > TimeoutNs);
    });

    [Fact, Trait("Rule", "G-1")]
    public Task WaitEventTimeout_Signal_SleepsOnUntilTheDate() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        int ran = 0;
        await sleeper.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++)).OrThrow();
        long before = 0;
        (Task<SysResult> sleeping, int ms) = await s.Asleep(sleeper, 5, timeoutMs =>
        {
            before = s.Machine.Engine.MonotonicNs;
            return sleeper.IoctlAsync(fd, SleepDevice.WaitTimeout, timeoutMs * 1_000_000L);
        });
        await t.TkillAsync(sleeper.Tid, Signal.SIGUSR1).OrThrow();
        Assert.Equal(0, await sleeping);
        Assert.True(s.Machine.Engine.MonotonicNs - before >= ms * 1_000_000L);
        Assert.Equal(1, ran);
    });

    [Theory, Trait("Rule", "G-2")]
    [InlineData(SleepDevice.Manual)]
    [InlineData(SleepDevice.ManualExclusive)]
    [InlineData(SleepDevice.ManualUninterruptible)]
    public Task ManualSleep_WokenTwice_TestsAgainAndPreparesAgain(uint kind) => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        ValueTask<SysResult> sleeping = sleeper.IoctlAsync(fd, kind);
        await s.UntilAsleep(sleeper);
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.False(sleeping.IsCompleted);
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        Assert.Equal(SysResult.Ok(), await sleeping);
        Assert.Equal(0, await t.IoctlAsync(fd, SleepDevice.IsActive));
    });

    [Fact, Trait("Rule", "G-2")]
    public Task ManualSleep_WokenBeforeSchedule_DoesNotSleep() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd, _) = await Start(s);
        Assert.Equal(SysResult.Ok(), await sleeper.IoctlAsync(fd, SleepDevice.WakenBeforeSchedule));
        Assert.Empty(s.Of(MachineEventKind.CallAsleep));
        Assert.Equal(SysResult.Ok(), await sleeper.IoctlAsync(fd, SleepDevice.TrueAfterPrepare));
        Assert.Equal(0, await t.IoctlAsync(fd, SleepDevice.IsActive));
    });

    [Theory, Trait("Rule", "G-2")]
    [InlineData(SleepDevice.WaitInterruptibleExclusive)]
    [InlineData(SleepDevice.ManualExclusive)]
    public Task ExclusiveWait_SignalAndWakeUpAtOnce_TheOtherGetsTheWakeUp(uint kind) => Play(async s =>
    {
        (UserThread t, UserThread first, int fd, SleepDevice device) = await Start(s);
        UserThread second = t.Process.CreateThread();
        await first.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        ValueTask<SysResult> aborted = first.IoctlAsync(fd, kind);
        await s.UntilAsleep(first);
        ValueTask<SysResult> next = second.IoctlAsync(fd, kind);
        await s.UntilAsleep(second);
        await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
        UserThread killer = t.Process.CreateThread();
        ValueTask<SysResult> signalling = killer.TkillAsync(first.Tid, Signal.SIGUSR1);
        await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        await signalling.OrThrow();
        SysResult result = await aborted;
        if (result.IsSuccess)
        {
            // It has the one item; the other sleeps on, for the next.
            Assert.Equal([first.Tid], device.Left);
            await t.IoctlAsync(fd, SleepDevice.SetItems, 1).OrThrow();
            await t.IoctlAsync(fd, SleepDevice.WakeUp).OrThrow();
        }
        else
        {
            Assert.Equal(Errno.EINTR, result.Errno);
        }
        Assert.Equal(SysResult.Ok(), await next);
        Assert.Equal(0, device.Items);
    });

    private static async Task<(UserThread Waker, UserThread Sleeper, int Fd, SleepDevice Device)> Start(Scenario s)
    {
        var device = new SleepDevice();
        s.Machine.AddDevice("/dev/sleep", () => device);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread waker = app.CreateThread();
        return (waker, app.CreateThread(), await waker.OpenAsync("/dev/sleep").OrThrow(), device);
    }

    private static async Task<(UserThread Thread, int Fd)> OfAnotherProcess(Scenario s)
    {
        UserThread other = s.Machine.CreateProcess().CreateThread();
        return (other, await other.OpenAsync("/dev/sleep").OrThrow());
    }
}
