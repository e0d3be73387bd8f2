using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>What is left of threads and processes that have ended: nothing.</summary>
public abstract class EndedThreadTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Times = 50;

    // A dead thread's actor stops after the caller has its answer: the last ones may still be there.
    private const int Lingering = 4;

    [Fact]
    public Task ForkAndExit_ManyTimes_NoThreadIsLeft() => Play(async s =>
    {
        UserThread parent = s.Machine.CreateProcess().CreateThread();
        int before = s.Machine.Context.Threads;
        for (int i = 0; i < Times; i++)
        {
            int pid = (int)await parent.ForkAsync().OrThrow();
            EvlProcess child = s.Machine.GetProcess(pid)!;
            child.CreateThread();
            UserThread main = child.MainThread!;
            Assert.Equal(i % 2 == 0 ? SysResult.Ok() : Errno.ESRCH, await End(main, i));
            Assert.Equal(pid, await parent.WaitAsync(pid).OrThrow());
            Assert.Equal(Errno.ESRCH, (await main.GetpidAsync()).Errno);
            Assert.Equal(Errno.ESRCH, (await child.ExitAsync()).Errno);
        }
        Assert.InRange(s.Machine.Context.Threads, before, before + Lingering);
        Assert.Equal(2, parent.Process.ThreadCount);
    });

    [Fact]
    public Task ExitThread_ManyTimes_NoneIsLeft() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread stays = app.CreateThread();
        int before = s.Machine.Context.Threads;
        for (int i = 0; i < Times; i++)
        {
            UserThread thread = app.CreateThread();
            Assert.Equal(SysResult.Ok(), await thread.ExitThreadAsync());
            Assert.Equal(Errno.ESRCH, (await thread.GetpidAsync()).Errno);
            Assert.Equal(default, await thread.GetStatisticsAsync());
        }
        Assert.InRange(s.Machine.Context.Threads, before, before + Lingering);
        Assert.Equal(2, app.ThreadCount);
        Assert.Equal(app.Pid, await stays.GetpidAsync().OrThrow());
    });

    [Fact]
    public Task SignalToADeadThread_Esrch_AndToItsProcessItIsTheOthers() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread main = app.CreateThread();
        UserThread other = app.CreateThread();
        var got = new TaskCompletionSource();
        await main.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => got.TrySetResult())).OrThrow();
        await main.ExitThreadAsync().OrThrow();

        Assert.Equal(SysResult.Ok(), await app.Kill(Signal.SIGUSR1));
        await other.GetpidAsync().OrThrow();

        await got.Task;
        Assert.Equal(Errno.ESRCH, (await main.Kill(Signal.SIGUSR1)).Errno);
    });

    // Of its own, from outside, or by a signal.
    private static async Task<SysResult> End(UserThread thread, int how) => (how % 4) switch
    {
        0 => await thread.ExitAsync(),
        2 => await thread.Process.ExitAsync(),
        _ => await Killed(thread),
    };

    private static async Task<SysResult> Killed(UserThread thread)
    {
        ValueTask<SysResult> pause = thread.PauseAsync();
        await thread.Process.Kill(Signal.SIGKILL).OrThrow();
        SysResult woken = await pause;
        Assert.Contains(woken.Errno, new[] { Errno.EINTR, Errno.ESRCH });
        return Errno.ESRCH;
    }
}
