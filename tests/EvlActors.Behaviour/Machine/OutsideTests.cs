using EvlActors.Actors;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>What actors outside the machine may send it: whatever it is, the machine goes on.</summary>
public abstract class OutsideTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly long[] s_values = [0, 1, -1, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    // A pause ends with a signal only; kill reaches every process, the one that asks too.
    private static readonly SyscallNumber[] s_numbers =
        [.. Enum.GetValues<SyscallNumber>().Except([SyscallNumber.Pause, SyscallNumber.Kill])];

    [Fact]
    public Task Syscall_AnyNumberAndArguments_IsAnswered() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/plain", () => new PlainDevice());
        foreach (SyscallNumber number in s_numbers)
        {
            foreach (long value in s_values)
            {
                EvlProcess app = s.Machine.CreateProcess();
                UserThread t = app.CreateThread();
                int fd = await t.OpenAsync("/dev/plain").OrThrow();
                string? path = value == 1 ? "/dev/plain" : null;
                SyscallResult answer = await Ask(s, reply => new Syscall(t.Tid, number, reply)
                {
                    Fd = value < 0 ? -1 : fd,
                    Argument = value,
                    Argument2 = value,
                    Path = path,
                });
                Assert.Null(answer.Failure);
                Assert.False(s.Machine.Completion.IsFaulted, $"{number} {value}: {s.Machine.Completion.Exception}");
                await app.ExitAsync();
            }
        }
    });

    [Theory]
    [InlineData(SyscallNumber.Open)]
    [InlineData(SyscallNumber.Poll)]
    [InlineData(SyscallNumber.Select)]
    [InlineData(SyscallNumber.Sigaction)]
    [InlineData(SyscallNumber.Setgroups)]
    public Task Syscall_WithoutWhatItPointsTo_Efault(SyscallNumber number) => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        SyscallResult answer = await Ask(s, reply => new Syscall(t.Tid, number, reply) { Argument = (long)Signal.SIGUSR1 });
        Assert.Equal(Errno.EFAULT, answer.Result.Errno);
    });

    [Fact]
    public Task Syscall_BeforeACallThatIsCancelledBeforeItBegins_TheCallIsStillCancelled() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Null((await Ask(s, reply => new Syscall(t.Tid, SyscallNumber.Getpid, reply))).Failure);
        using var cancel = new CancellationTokenSource();
        ValueTask<SysResult> pause = t.PauseAsync(cancel.Token);
        cancel.Cancel();
        Assert.Equal(Errno.EINTR, (await pause).Errno);
    });

    [Fact]
    public Task Dovetail_StrayMessage_Ignored() => Play(async s =>
    {
        s.Machine.Dovetail.Tell(new Stray(), Rank.InBand);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        SyscallResult answer = await Ask(s, reply => new Syscall(t.Tid, SyscallNumber.Getpid, reply));
        Assert.Equal(t.Process.Pid, answer.Result.Value);
    });

    [Fact]
    public Task Syscall_OfADeadThread_Esrch() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread dead = app.CreateThread();
        UserThread other = app.CreateThread();
        await dead.ExitThreadAsync().OrThrow();
        foreach (int _ in Enumerable.Range(0, 3))
        {
            SyscallResult answer = await Ask(s, reply => new Syscall(dead.Tid, SyscallNumber.Getpid, reply));
            Assert.Null(answer.Failure);
            Assert.Equal(Errno.ESRCH, answer.Result.Errno);
        }
        Assert.Equal(app.Pid, await other.GetpidAsync().OrThrow());
    });

    [Fact]
    public Task Syscall_ByTheThreadThatEndsProcesses_Refused() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread first = app.CreateThread();
        foreach (int tid in new[] { -1, 0, first.Tid + 1 })
        {
            SyscallResult answer = await Ask(s, reply => new Syscall(tid, SyscallNumber.Getpid, reply));
            Assert.NotNull(answer.Failure);
        }
    });

    private static async Task<SyscallResult> Ask(Scenario s, Func<ActorRef, Syscall> call)
    {
        var answered = new TaskCompletionSource<SyscallResult>();
        ActorRef asker = s.Machine.Engine.Spawn(new Asker(answered), new SpawnOptions("asker"));
        s.Machine.Dovetail.Tell(call(asker), Rank.InBand);
        return await answered.Task;
    }

    private sealed class Asker(TaskCompletionSource<SyscallResult> answered) : Actor
    {
        protected internal override void Receive(Message message) => answered.TrySetResult((SyscallResult)message);
    }

    private sealed class Stray : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }
}
