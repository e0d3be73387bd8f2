using EvlActors.Actors;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>An actor of the machine throws: every call is answered, the machine says why, and it can be disposed of.</summary>
public abstract class MachineFailureTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task ActorFails_CallAsleep_EioAndCompletionFaults() => PlayFailing(async (machine, s) =>
    {
        EvlProcess app = machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread reader = await s.OobThread(app);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> oob = reader.OobReadAsync(xbuf, new byte[4]);
        ValueTask<SysResult> inBand = t.ReadAsync(xbuf, new byte[4]);
        await s.UntilAsleep(reader);
        await s.UntilAsleep(t);
        Break(machine.Context.InBandStage);
        Assert.Equal(Errno.EIO, (await oob).Errno);
        Assert.Equal(Errno.EIO, (await inBand).Errno);
        Assert.Equal(Errno.EIO, (await t.WriteAsync(xbuf, new byte[4])).Errno);
        await machine.DisposeAsync();
        Assert.True(machine.Completion.IsFaulted);
    });

    [Fact]
    public Task ActorFails_WhileDisposing_DisposeEnds() => PlayFailing(async (machine, s) =>
    {
        machine.AddDevice("/dev/slow", () => new SlowReleaseDevice());
        UserThread t = machine.CreateProcess().CreateThread();
        await t.OpenAsync("/dev/slow").OrThrow();
        ValueTask disposing = machine.DisposeAsync();
        await s.Until(e => e.Kind == MachineEventKind.ReleaseBegun);
        Break(machine.Context.InBandStage);
        await disposing;
        Assert.True(machine.Completion.IsFaulted);
    });

    [Fact]
    public Task ExitOrExec_TableIsGone_Ends() => PlayFailing(async (machine, _) =>
    {
        EvlProcess exits = machine.CreateProcess();
        EvlProcess execs = machine.CreateProcess();
        UserThread t = execs.CreateThread();
        await t.GetpidAsync().OrThrow();
        machine.Engine.Stop(exits.Info.Files.Actor);
        machine.Engine.Stop(execs.Info.Files.Actor);
        Assert.Equal(SysResult.Ok(), await exits.ExitAsync());
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
    });

    [Fact]
    public Task Dispose_ExitUnderWay_AwaitsIt() => PlayFailing(async (machine, s) =>
    {
        var device = new SlowReleaseDevice();
        machine.AddDevice("/dev/slow", () => device);
        EvlProcess app = machine.CreateProcess();
        UserThread t = app.CreateThread();
        await t.OpenAsync("/dev/slow").OrThrow();
        ValueTask<SysResult> exiting = app.ExitAsync();
        await s.Until(e => e.Kind == MachineEventKind.ReleaseBegun);
        ValueTask disposing = machine.DisposeAsync();
        Assert.False(disposing.IsCompleted);
        device.Gate.SetResult();
        await disposing;
        Assert.Equal(SysResult.Ok(), await exiting);
        Assert.Single(s.Of(MachineEventKind.ReleaseDone), e => e.Pid == app.Pid);
    });

    private async Task PlayFailing(Func<EvlMachine, Scenario, Task> scenario)
    {
        for (int round = 0; round < Engine.Rounds; round++)
        {
            IActorEngine fresh = Engine.Create();
            await Engine.Run(fresh, async () =>
            {
                await using var machine = new EvlMachine(new EvlMachineOptions { Engine = fresh, ShutdownGrace = TimeSpan.FromHours(1) });
                await scenario(machine, new Scenario(machine));
            });
        }
    }

    private static void Break(ActorRef actor) => actor.Tell(new Unknown(), Rank.Head);

    private sealed class SlowReleaseDevice : CharDevice
    {
        public TaskCompletionSource Gate { get; } = new();

        protected internal override async IoTask Release(IoCall call)
        {
            await Gate.Task;
            return 0;
        }
    }

    private sealed class Unknown : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }
}
