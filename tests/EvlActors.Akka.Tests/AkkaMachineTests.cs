using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using EvlActors.Actors;
using EvlActors.Akka.Engine;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>A machine's place in its actor system: paths, supervision, several of them, the end of either.</summary>
public sealed class AkkaMachineTests : MachineKit
{
    [Theory]
    [InlineData("/user/evl/dovetail")]
    [InlineData("/user/evl/dovetail/sampler")]
    [InlineData("/user/evl/in-band")]
    [InlineData("/user/evl/oob")]
    [InlineData("/user/evl/router")]
    [InlineData("/user/evl/tables/1")]
    [InlineData("/user/evl/devices/dev-count")]
    [InlineData("/user/evl/files/2")]
    public async Task Actors_OfAMachine_AreFoundAtReadablePaths(string path)
    {
        Machine.AddDevice("/dev/count", () => new CountDevice());
        UserThread t = Machine.CreateProcess().CreateThread(name: "sampler");
        await t.OpenAsync("/dev/count").OrThrow();
        IActorRef found = await Sys.ActorSelection(path).ResolveOne(Limit);
        Assert.Equal(path, found.Path.ToStringWithoutAddress());
    }

    [Fact]
    public async Task Threads_OfOneName_GetPathsOfTheirOwn()
    {
        EvlProcess app = Machine.CreateProcess();
        UserThread[] threads = [.. Enumerable.Range(0, 3).Select(_ => app.CreateThread(name: "same"))];
        foreach (UserThread thread in threads)
            Assert.Equal(SysResult.Ok(app.Pid), await thread.GetpidAsync());
        IActorRef router = await Sys.ActorSelection("/user/evl/dovetail").ResolveOne(Limit);
        Assert.Equal(3, ((LocalActorRef)router).Cell.GetChildren().Count(child => child.Path.Name.StartsWith("same", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Stages_OfAMachine_RunOnTheirDispatchers()
    {
        EvlProcess app = Machine.CreateProcess();
        await OobThread(app);
        var engine = (AkkaEngine)Machine.Engine;
        Assert.Equal("evl.dispatcher.oob", DispatcherOf(engine.AddressOf(Machine.Context.OobStage)));
        Assert.Equal("evl.dispatcher.in-band", DispatcherOf(engine.AddressOf(Machine.Context.InBandStage)));
    }

    [Fact]
    public async Task SecondMachine_InTheSameSystem_IsAMachineOfItsOwn()
    {
        await using var other = new AkkaMachine(Sys, new AkkaMachineOptions { Name = "other" });
        Assert.Same(Host, AkkaMachine.Find(Sys));
        Assert.Same(other, AkkaMachine.Find(Sys, "other"));
        Machine.AddFile("/etc/name", "first");
        other.Machine.AddFile("/etc/name", "second");
        foreach ((AkkaMachine machine, string name) in new[] { (Host, "first"), (other, "second") })
        {
            UserThread t = machine.Machine.CreateProcess().CreateThread();
            int fd = await t.OpenAsync("/etc/name", OpenFlags.ReadOnly).OrThrow();
            byte[] bytes = new byte[16];
            int n = await t.ReadAsync(fd, bytes).OrThrow();
            Assert.Equal(name, System.Text.Encoding.UTF8.GetString(bytes, 0, n));
        }
        await other.DisposeAsync();
        Assert.Null(AkkaMachine.Find(Sys, "other"));
        Assert.Equal(SysResult.Ok(Machine.GetProcess(1)!.Pid), await Machine.GetProcess(1)!.CreateThread().GetpidAsync());
    }

    [Fact]
    public void SecondMachine_OfTheSameName_RefusedWithWhatToDo()
    {
        Assert.NotNull(Machine);
        InvalidActorNameException thrown = Assert.Throws<InvalidActorNameException>(() => new AkkaMachine(Sys));
        Assert.Contains("/user/evl", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Name of its own", thrown.Message, StringComparison.Ordinal);
        Assert.Same(Host, AkkaMachine.Find(Sys));
    }

    [Fact]
    public void Name_ThatIsNoActorsName_RefusedWithIt()
    {
        InvalidActorNameException thrown =
            Assert.Throws<InvalidActorNameException>(() => new AkkaMachine(Sys, new AkkaMachineOptions { Name = "my evl" }));
        Assert.Contains("'my evl'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_OfAMachineThatHasEnded_FreeAtOnce()
    {
        for (int i = 0; i < 200; i++)
        {
            var machine = new AkkaMachine(Sys, new AkkaMachineOptions { Name = "again" });
            await machine.DisposeAsync();
        }
    }

    [Fact]
    public async Task Dispose_Machine_ItsActorsHaveStopped()
    {
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(Host.Root);
        await Host.DisposeAsync();
        await watcher.ExpectTerminatedAsync(Host.Root);
        Assert.True(Machine.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task System_ShutsDown_MachineEndsFirstAndItsCallsAreAnswered()
    {
        using ActorSystem system = ActorSystem.Create("short", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        EvlMachine machine = new AkkaMachine(system).Machine;
        var asleep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Events.Subscribe(e =>
        {
            if (e.Kind == MachineEventKind.CallAsleep)
                asleep.TrySetResult();
        });
        UserThread oob = await OobThread(machine.CreateProcess());
        int xbuf = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        Task<SysResult> reading = oob.OobReadAsync(xbuf, new byte[4]).AsTask();
        await asleep.Task.WaitAsync(Limit);
        await system.Terminate().WaitAsync(Limit);
        Assert.True(machine.Completion.IsCompletedSuccessfully);
        Assert.Equal(Errno.EINTR, (await reading.WaitAsync(Limit)).Errno);
        Assert.Equal(Errno.ESRCH, (await oob.OobReadAsync(xbuf, new byte[4])).Errno);
    }

    [Fact]
    public async Task Root_Stopped_MachineEndsAndBlockedCallersReturn()
    {
        EvlProcess app = Machine.CreateProcess();
        UserThread oob = await OobThread(app);
        UserThread blocked = app.CreateThread();
        int xbuf = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        SysResult read = default;
        Task thread = app.StartThread(blocked, t => read = t.Read(xbuf, new byte[4]));
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == blocked.Tid);
        Sys.Stop(Host.Root);
        await thread.WaitAsync(Limit);
        await Machine.Completion.WaitAsync(Limit);
        Assert.Equal(Errno.ESRCH, read.Errno);
        Assert.Equal(Errno.ESRCH, (await oob.OobReadAsync(xbuf, new byte[4])).Errno);
        Assert.Null(AkkaMachine.Find(Sys));
    }

    [Fact]
    public async Task ActorOfTheMachine_Throws_StoppedAndNeverRestarted()
    {
        await using var engine = new AkkaEngine(Sys, "bare");
        var actor = new ThrowingActor();
        ActorRef self = engine.Spawn(actor, new SpawnOptions("thrower"));
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(engine.AddressOf(self));
        await EventFilter.Exception<InvalidOperationException>("planted").ExpectOneAsync(() =>
        {
            self.Tell(new Nudge(), Rank.InBand);
            return Task.CompletedTask;
        });
        await watcher.ExpectTerminatedAsync(engine.AddressOf(self));
        Assert.Equal(1, actor.Turns);
        Assert.Equal(1, actor.Ends);
    }

    [Theory]
    [InlineData("/user/evl/oob", false)]
    [InlineData("/user/evl/in-band", true)]
    [InlineData("/user/evl/dovetail", false)]
    [InlineData("/user/evl/router", true)]
    [InlineData("/user/evl/files", false)]
    [InlineData("/user/evl/files/1", true)]
    [InlineData("/user/evl/dovetail/sampler", false)]
    public async Task ActorOfTheMachine_StoppedByTheHost_MachineEndsAndIsNotHalfThere(string path, bool isKilled)
    {
        UserThread t = Machine.CreateProcess().CreateThread(name: "sampler");
        await t.GetpidAsync().OrThrow();
        IActorRef actor = await Sys.ActorSelection(path).ResolveOne(Limit);
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(Host.Root);
        await EventFilter.Error(contains: "was stopped by somebody else", source: null).ExpectOneAsync(async () =>
        {
            actor.Tell(isKilled ? Kill.Instance : PoisonPill.Instance);
            await watcher.ExpectTerminatedAsync(Host.Root);
        });
        await Machine.Completion.WaitAsync(Limit);
        Assert.Equal(Errno.ESRCH, (await t.GetpidAsync()).Errno);
        Assert.Null(AkkaMachine.Find(Sys));
    }

    [Fact]
    public async Task System_EndsWithoutItsPhases_MachineEndsWithIt()
    {
        using ActorSystem system = ActorSystem.Create(
            "abrupt", "akka.loglevel = OFF, akka.stdout-loglevel = OFF, akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        EvlMachine machine = new AkkaMachine(system).Machine;
        UserThread oob = await OobThread(machine.CreateProcess());
        int xbuf = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        Task<SysResult> reading = oob.OobReadAsync(xbuf, new byte[4]).AsTask();
        while (oob.State != TaskState.Interruptible)
            await Task.Yield();
        await system.Terminate().WaitAsync(Limit);
        await machine.Completion.WaitAsync(Limit);
        Assert.Equal(Errno.ESRCH, (await reading.WaitAsync(Limit)).Errno);
    }

    [Fact]
    public async Task System_ShutsDownWhileACallCantBeInterrupted_PhaseTimesOutAndAllEnds()
    {
        using ActorSystem system = ActorSystem.Create(
            "stubborn", "akka.loglevel = OFF, akka.stdout-loglevel = OFF, akka.coordinated-shutdown.phases.service-stop.timeout = 100ms");
        EvlMachine machine = new AkkaMachine(system, new AkkaMachineOptions
        {
            Machine = new EvlMachineOptions { ShutdownGrace = TimeSpan.FromHours(1) },
        }).Machine;
        machine.AddDevice("/dev/stubborn", () => new StubbornDevice());
        UserThread t = machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/stubborn").OrThrow();
        Task<SysResult> reading = t.ReadAsync(fd, new byte[1]).AsTask();
        while (t.State != TaskState.Uninterruptible)
            await Task.Yield();
        await system.Terminate().WaitAsync(Limit);
        await machine.Completion.WaitAsync(Limit);
        Assert.True((await reading.WaitAsync(Limit)).IsError);
    }

    [Fact]
    public async Task HostsMessage_ToAnActorOfTheMachine_UnhandledAndTheMachineGoesOn()
    {
        TestProbe unhandled = CreateTestProbe();
        Sys.EventStream.Subscribe(unhandled, typeof(UnhandledMessage));
        IActorRef oob = ((AkkaEngine)Machine.Engine).AddressOf(Machine.Context.OobStage);
        oob.Tell("stray", TestActor);
        UnhandledMessage stray = await unhandled.ExpectMsgAsync<UnhandledMessage>();
        Assert.Equal(("stray", oob), (stray.Message, stray.Recipient));
        Assert.False(Machine.Completion.IsFaulted);
        await OobThread(Machine.CreateProcess());
    }

    private static string DispatcherOf(IActorRef actor) => ((LocalActorRef)actor).Cell.Dispatcher.Id;

    private sealed class CountDevice : CharDevice
    {
        protected internal override IoTask Read(IoCall call) => SysResult.Ok();
    }

    private sealed class StubbornDevice : CharDevice
    {
        private readonly WaitQueue _never = new();

        protected internal override async IoTask Read(IoCall call) => await _never.WaitUninterruptible(call);
    }

    private sealed class ThrowingActor : Actor
    {
        public int Turns { get; private set; }

        public int Ends { get; private set; }

        protected internal override void Receive(Message message)
        {
            Turns++;
            throw new InvalidOperationException("planted");
        }

        protected internal override void Stopped() => Ends++;
    }

    private sealed class Nudge : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }
}
