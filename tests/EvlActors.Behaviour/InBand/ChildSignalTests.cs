using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>What a parent hears of its children's ends, and what is inherited of masks, pending signals and
/// capabilities.</summary>
public abstract class ChildSignalTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const Capabilities Raised = Capabilities.SysNice | Capabilities.IpcLock | Capabilities.SysRawIo;

    private static readonly SigSet s_usr1 = SigSet.Of(Signal.SIGUSR1);

    [Fact]
    public Task ChildEnds_SigchldHandled_TellsTheChildAndHow() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        var seen = new List<SigInfo>();
        await t.SigactionAsync(Signal.SIGCHLD, SigAction.Handle(seen.Add)).OrThrow();
        UserThread exits = await Fork(s, t);
        UserThread killed = await Fork(s, t);
        Assert.Equal(SysResult.Ok(), await exits.ExitAsync(7));
        Assert.Equal(exits.Process.Pid, await t.WaitAsync(exits.Process.Pid).OrThrow());
        Assert.Equal(new SigInfo(Signal.SIGCHLD, (SigCode)1) { Pid = exits.Process.Pid, Status = 7 }, Assert.Single(seen));
        await killed.Process.Kill(Signal.SIGTERM).OrThrow();
        Assert.Equal(killed.Process.Pid, await t.WaitAsync(killed.Process.Pid).OrThrow());
        await t.GetpidAsync().OrThrow();
        Assert.Equal(
            new SigInfo(Signal.SIGCHLD, (SigCode)2) { Pid = killed.Process.Pid, Status = (int)Signal.SIGTERM }, seen[^1]);
    });

    [Fact]
    public Task Wait_SigchldHandlerWithoutRestart_TheChildNotEintr() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int ran = 0;
        await t.SigactionAsync(Signal.SIGCHLD, SigAction.Handle(_ => ran++)).OrThrow();
        UserThread child = await Fork(s, t);
        ValueTask<SysResult> waiting = t.WaitAsync();
        await s.UntilAsleep(t);
        Assert.Equal(SysResult.Ok(), await child.ExitAsync());
        Assert.Equal(child.Process.Pid, (await waiting).OrThrow());
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task Wait_SigchldIgnored_EchildWhenTheLastHasEnded() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.SigactionAsync(Signal.SIGCHLD, SigAction.Ignore).OrThrow();
        UserThread first = await Fork(s, t);
        UserThread second = await Fork(s, t);
        ValueTask<SysResult> waiting = t.WaitAsync();
        await s.UntilAsleep(t);
        Assert.Equal(SysResult.Ok(), await first.ExitAsync());
        Assert.Equal(Errno.ESRCH, (await t.Process.Machine.CreateProcess().CreateThread().KillAsync(first.Process.Pid, Signal.None)).Errno);
        Assert.Equal(SysResult.Ok(), await second.ExitAsync());
        Assert.Equal(Errno.ECHILD, (await waiting).Errno);
    });

    [Fact]
    public Task Kill_ChildEndedButNotWaitedFor_0UntilItIs() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread child = await Fork(s, t);
        int pid = child.Process.Pid;
        Assert.Equal(SysResult.Ok(), await child.ExitAsync());
        Assert.Equal(SysResult.Ok(), await t.KillAsync(pid, Signal.None));
        Assert.Equal(SysResult.Ok(), await t.KillAsync(pid, Signal.SIGKILL));
        byte[] status = new byte[WaitStatus.Bytes];
        Assert.Equal(pid, await t.WaitAsync(pid, status).OrThrow());
        Assert.True(WaitStatus.ReadFrom(status).IsExited);
        Assert.Equal(Errno.ESRCH, (await t.KillAsync(pid, Signal.None)).Errno);
    });

    [Fact]
    public Task Fork_MaskIsInherited_NothingIsPending() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.SigprocmaskAsync(SigMaskHow.Block, s_usr1);
        await t.RaiseAsync(Signal.SIGUSR1).OrThrow();
        await t.KillAsync(t.Process.Pid, Signal.SIGUSR1).OrThrow();
        UserThread child = await Fork(s, t);
        Assert.Equal(0, (await child.SigpendingAsync()).Value);
        Assert.Equal((long)s_usr1.Bits, (await child.SigprocmaskAsync(SigMaskHow.Block, SigSet.Empty)).Value);
        Assert.Equal((long)s_usr1.Bits, (await t.SigpendingAsync()).Value);
    });

    [Fact]
    public Task Exec_MaskAndPendingStay_HandlersGo() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int ran = 0;
        await t.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => ran++)).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.Block, s_usr1);
        await t.KillAsync(t.Process.Pid, Signal.SIGUSR1).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
        Assert.Equal((long)s_usr1.Bits, (await t.SigpendingAsync()).Value);
        await t.SigprocmaskAsync(SigMaskHow.Unblock, s_usr1);
        await s.Until(e => e.Kind == MachineEventKind.ProcessKilled && e.Count == (long)Signal.SIGUSR1);
        Assert.Equal(0, ran);
    });

    [Fact]
    public Task Write_PipeWithoutReader_SigpipeIsHandledBeforeItReturns() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] fds = new int[2];
        await t.PipeAsync(fds).OrThrow();
        await t.CloseAsync(fds[0]).OrThrow();
        int ran = 0;
        await t.SigactionAsync(Signal.SIGPIPE, SigAction.Handle(_ => ran++)).OrThrow();
        Assert.Equal(Errno.EPIPE, (await t.WriteAsync(fds[1], new byte[1])).Errno);
        Assert.Equal(1, ran);
        await t.SigactionAsync(Signal.SIGPIPE, SigAction.Ignore).OrThrow();
        Assert.Equal(Errno.EPIPE, (await t.WriteAsync(fds[1], new byte[1])).Errno);
        await t.SigactionAsync(Signal.SIGPIPE, SigAction.Default).OrThrow();
        Assert.True((await t.WriteAsync(fds[1], new byte[1])).IsError);
        Assert.Equal(Errno.ESRCH, (await t.GetpidAsync()).Errno);
    });

    [Fact]
    public Task Capget_AttachedThread_ShowsWhatAttachingRaised() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(7, 7) }).CreateThread();
        byte[] data = new byte[CapabilitySet.BytesOf(CapabilitySet.Version3)];
        await t.CapgetAsync(data).OrThrow();
        Assert.Equal(Capabilities.None, CapabilitySet.ReadFrom(data).Effective);
        await t.AttachAsync().OrThrow();
        await t.CapgetAsync(data).OrThrow();
        Assert.Equal(Raised, CapabilitySet.ReadFrom(data).Effective);
        await t.DetachAsync().OrThrow();
        await t.CapgetAsync(data, t.Process.Pid).OrThrow();
        Assert.Equal(Capabilities.None, CapabilitySet.ReadFrom(data).Effective);
    });

    [Fact]
    public Task Capset_InheritableBeyondPermitted_Eperm() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions
        {
            Credentials = Credentials.User(7, 7) with { Permitted = Capabilities.Kill },
        }).CreateThread();
        byte[] data = new byte[CapabilitySet.BytesOf(CapabilitySet.Version3)];
        new CapabilitySet(Capabilities.Kill, Capabilities.Kill, Capabilities.SysNice).WriteTo(data);
        Assert.Equal(Errno.EPERM, (await t.CapsetAsync(data)).Errno);
        new CapabilitySet(Capabilities.Kill, Capabilities.Kill, Capabilities.Kill).WriteTo(data);
        Assert.Equal(SysResult.Ok(), await t.CapsetAsync(data));
        Assert.Equal(Capabilities.Kill, t.Process.Credentials.Effective);
    });

    private static async Task<UserThread> Fork(Scenario s, UserThread t)
    {
        int pid = await t.ForkAsync().OrThrow();
        return s.Machine.GetProcess(pid)!.MainThread!; // it was forked just now
    }
}
