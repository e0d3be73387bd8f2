using Akka.Actor;
using Akka.TestKit;
using EvlActors.Actors;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>System calls of the host's actors.</summary>
public sealed class RouterTests : MachineKit
{
    [Fact]
    public async Task Syscall_OfAnActor_AnsweredToItsSender()
    {
        UserThread t = Machine.CreateProcess().CreateThread();
        var call = new Syscall(t.Tid, SyscallNumber.Getpid);
        TestProbe asker = CreateTestProbe();
        Host.Router.Tell(call, asker);
        SyscallResult answer = await asker.ExpectMsgAsync<SyscallResult>();
        Assert.Equal(t.Process.Pid, answer.Result.Value);
        Assert.Same(call, answer.Call);
        Assert.Equal(Host.Router, asker.LastSender);
    }

    [Fact]
    public async Task Ask_OpenWriteReadClose_Answered()
    {
        Machine.AddFile("/tmp/notes", "");
        UserThread t = Machine.CreateProcess().CreateThread();
        long fd = (await Ask(new Syscall(t.Tid, SyscallNumber.Open) { Path = "/tmp/notes", Argument = (long)OpenFlags.ReadWrite })).Value;
        Assert.Equal(5, (await Ask(new Syscall(t.Tid, SyscallNumber.Write) { Fd = (int)fd, Buffer = "hello"u8.ToArray() })).Value);
        Assert.Equal(SysResult.Ok(), await Ask(new Syscall(t.Tid, SyscallNumber.Lseek) { Fd = (int)fd }));
        byte[] bytes = new byte[8];
        Assert.Equal(5, (await Ask(new Syscall(t.Tid, SyscallNumber.Read) { Fd = (int)fd, Buffer = bytes })).Value);
        Assert.Equal("hello"u8.ToArray(), bytes[..5]);
        Assert.Equal(SysResult.Ok(), await Ask(new Syscall(t.Tid, SyscallNumber.Close) { Fd = (int)fd }));
        Assert.Equal(Errno.EBADF, (await Ask(new Syscall(t.Tid, SyscallNumber.Close) { Fd = (int)fd })).Errno);
    }

    [Fact]
    public async Task Ask_SameMessageAgain_AnsweredAgain()
    {
        UserThread t = Machine.CreateProcess().CreateThread();
        var call = new Syscall(t.Tid, SyscallNumber.Getpid);
        for (int i = 0; i < 3; i++)
            Assert.Equal(t.Process.Pid, (await Ask(call)).Value);
    }

    [Fact]
    public async Task Ask_TimesOut_CallGoesOnAndDoesNoHarm()
    {
        EvlProcess app = Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await OobThread(app);
        int xbuf = await oob.CreateXbufAsync("late", 64, 64).OrThrow();
        byte[] bytes = new byte[4];
        var read = new Syscall(t.Tid, SyscallNumber.Read) { Fd = xbuf, Buffer = bytes };
        using var given = new CancellationTokenSource();
        Task<SyscallResult> asked = Host.Router.Ask<SyscallResult>(read, given.Token);
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        SyscallResult second = await Host.Router.Ask<SyscallResult>(new Syscall(t.Tid, SyscallNumber.Getpid), Limit);
        Assert.Contains("one call at a time", second.Failure, StringComparison.Ordinal);
        await oob.OobWriteAsync(xbuf, "late"u8.ToArray()).OrThrow();
        await Until(e => e.Kind == MachineEventKind.CallAnswered && e.Tid == t.Tid && e.Nr == SyscallNumber.Read);
        Assert.Equal("late"u8.ToArray(), bytes);
        Assert.Equal(app.Pid, (await Ask(new Syscall(t.Tid, SyscallNumber.Getpid))).Value);
    }

    [Fact]
    public async Task Ask_NoSuchThread_AnsweredWithAFailure()
    {
        SyscallResult answer = await Host.Router.Ask<SyscallResult>(new Syscall(4711, SyscallNumber.Getpid), Limit);
        Assert.Contains("4711", answer.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_MachineHasEnded_Esrch()
    {
        UserThread t = Machine.CreateProcess().CreateThread();
        await Host.DisposeAsync();
        Assert.Equal(Errno.ESRCH, (await Ask(new Syscall(t.Tid, SyscallNumber.Getpid))).Errno);
    }

    [Fact]
    public async Task Syscall_ReplyToAnActorOfAMachineAndTheRoutersHasEnded_Esrch()
    {
        await using var other = new AkkaMachine(Sys, new AkkaMachineOptions { Name = "other" });
        UserThread t = Machine.CreateProcess().CreateThread();
        var answered = new TaskCompletionSource<Errno>(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef waiter = other.Machine.Engine.Spawn(new Waiter(answered), new SpawnOptions("waiter"));
        await Host.DisposeAsync();
        Host.Router.Tell(new Syscall(t.Tid, SyscallNumber.Getpid, waiter));
        Assert.Equal(Errno.ESRCH, await answered.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task Syscall_ToAnActorOfTheHostThatHasStopped_NotAnsweredByTheMachine()
    {
        UserThread t = Machine.CreateProcess().CreateThread();
        IActorRef gone = Sys.ActorOf(Props.Empty);
        TestProbe asker = CreateTestProbe();
        asker.Watch(gone);
        Sys.Stop(gone);
        await asker.ExpectTerminatedAsync(gone);
        gone.Tell(new Syscall(t.Tid, SyscallNumber.Getpid), asker);
        Host.Router.Tell(new Syscall(t.Tid, SyscallNumber.Getpid), asker);
        SyscallResult answer = await asker.ExpectMsgAsync<SyscallResult>();
        Assert.Equal(t.Process.Pid, answer.Result.Value);
    }

    private async Task<SysResult> Ask(Syscall call)
    {
        SyscallResult answer = await Host.Router.Ask<SyscallResult>(call, Limit);
        Assert.Null(answer.Failure);
        return answer.Result;
    }

    private sealed class Waiter(TaskCompletionSource<Errno> answered) : Actor
    {
        protected internal override void Receive(Message message) => answered.TrySetResult(((SyscallResult)message).Result.Errno);
    }
}
