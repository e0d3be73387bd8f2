using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests;

/// <summary>Signal handlers of blocking calls: on the caller's own thread, off the lane.</summary>
public sealed class BlockingHandlerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task BlockingRead_Signalled_HandlerOnTheCallersThreadMakesCalls()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        EvlProcess app = machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread other = app.CreateThread();
        await other.InitAsync().OrThrow();
        int xbuf = await other.CreateXbufAsync(null, 64, 64).OrThrow();
        int handlerThread = 0, bodyThread = 0, copies = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle((thread, _) =>
        {
            handlerThread = Environment.CurrentManagedThreadId;
            if (thread.Pause().Errno == Errno.EINTR)
                copies++;
            return default;
        })).OrThrow();
        await t.SigactionAsync(Signal.SIGUSR2, SigAction.Handle(_ => copies++)).OrThrow();
        Task asleep = Asleep(machine, t, SyscallNumber.Read);
        Task paused = Asleep(machine, t, SyscallNumber.Pause);
        SysResult read = default;
        Task body = app.StartThread(t, thread =>
        {
            bodyThread = Environment.CurrentManagedThreadId;
            read = thread.Read(xbuf, new byte[4]);
        });
        await asleep.WaitAsync(s_limit);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await paused.WaitAsync(s_limit);
        await t.Kill(Signal.SIGUSR2).OrThrow();
        await body.WaitAsync(s_limit);
        Assert.Equal(Errno.EINTR, read.Errno);
        Assert.Equal(bodyThread, handlerThread);
        Assert.Equal(2, copies);
    }

    [Fact]
    public async Task BlockingCall_HandlerThrows_ThrownOutOfTheCall()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        EvlProcess app = machine.CreateProcess();
        UserThread t = app.CreateThread();
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => throw new TimeoutException("planted"))).OrThrow();
        Task asleep = Asleep(machine, t, SyscallNumber.Pause);
        Task body = app.StartThread(t, thread => thread.Pause());
        await asleep.WaitAsync(s_limit);
        await t.Kill(Signal.SIGUSR1).OrThrow();
        await Assert.ThrowsAsync<TimeoutException>(() => body.WaitAsync(s_limit));
    }

    [Fact]
    public async Task BlockingBody_ThrowsOutOfBand_ProcessEndsBySigsegv()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        EvlProcess app = machine.CreateProcess();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 1);
        var killed = new TaskCompletionSource<Signal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable listening = machine.Events.Subscribe(e =>
        {
            if (e.Kind == MachineEventKind.ProcessKilled)
                killed.TrySetResult((Signal)e.Count);
        });
        Task body = app.StartThread(t, thread =>
        {
            thread.Attach().OrThrow();
            throw new InvalidDataException("planted");
        });
        await Assert.ThrowsAsync<InvalidDataException>(() => body.WaitAsync(s_limit));
        Assert.Equal(Signal.SIGSEGV, await killed.Task.WaitAsync(s_limit));
        Assert.Equal(Errno.ESRCH, (await t.DupAsync(0)).Errno);
    }

    private static async Task Asleep(EvlMachine machine, UserThread thread, SyscallNumber nr)
    {
        var asleep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable listening = machine.Events.Subscribe(e =>
        {
            if (e.Kind == MachineEventKind.CallAsleep && e.Tid == thread.Tid && e.Nr == nr)
                asleep.TrySetResult();
        });
        await asleep.Task;
    }
}
