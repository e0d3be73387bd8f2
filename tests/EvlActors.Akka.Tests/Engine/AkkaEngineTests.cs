using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.TestKit;
using EvlActors.Actors;
using EvlActors.Akka.Engine;
using EvlActors.Behaviour;
using Xunit;
using AkkaKit = Akka.TestKit.Xunit2.TestKit;

namespace EvlActors.Akka.Tests.Engine;

/// <summary>What the Akka engine has of its own, beside the contract.</summary>
public sealed class AkkaEngineTests() : AkkaKit("""
    akka.test.single-expect-default = 20s
    akka.log-dead-letters = off
    evl.dispatcher.oob.throughput = 7
    evl.dispatcher.in-band { type = Dispatcher, executor = channel-executor }
    other-mailbox.mailbox-type = "Akka.Dispatch.UnboundedMailbox"
    """)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task DeadLetter_OfAMachinesActor_GivenBackOnce()
    {
        await using var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        IActorRef address = engine.AddressOf(actor.Self);
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(address);
        engine.Stop(actor.Self);
        await watcher.ExpectTerminatedAsync(address);
        var givenBack = new Tally();
        // As Tell does when it has seen the actor alive, and Akka has taken its mailbox away meanwhile.
        var late = new Work(null, _ => givenBack.Set()) { Target = actor.Self };
        address.Tell(late, ActorRefs.NoSender);
        await givenBack.Ended.WaitAsync(s_limit);
        Assert.Equal((0, 1, UndeliverableReason.Stopped), (late.Handled, late.GivenBack, late.Reason));
    }

    [Fact]
    public async Task Configuration_OfTheHost_GoesBeforeThePackages()
    {
        await using var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        var oob = (LocalActorRef)engine.AddressOf(bench.Spawn("oob", Placement.Oob).Self);
        var inBand = (LocalActorRef)engine.AddressOf(bench.Spawn("in-band").Self);
        Assert.Equal(7, oob.Cell.Dispatcher.Throughput);
        Assert.NotEqual(7, inBand.Cell.Dispatcher.Throughput);
    }

    [Fact]
    public async Task Configuration_OfTheHost_ReplacesADispatcherAltogether()
    {
        await using var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("in-band");
        MessageDispatcher dispatcher = ((LocalActorRef)engine.AddressOf(actor.Self)).Cell.Dispatcher;
        Assert.Equal(("evl.dispatcher.in-band", typeof(Dispatcher)), (dispatcher.Id, dispatcher.GetType()));
        Assert.Equal(1, (await bench.Door().Ask(actor.Self)).Handled);
    }

    [Fact]
    public async Task Configuration_SecondEngine_NotBroughtAgain()
    {
        await using var first = new AkkaEngine(Sys, "first");
        Config config = Sys.Settings.Config;
        await using var second = new AkkaEngine(Sys, "second");
        Assert.Same(config, Sys.Settings.Config);
    }

    [Fact]
    public async Task Mailbox_OfTheHostsDerivedFromThePackages_IsUsed()
    {
        string type = typeof(CountingMailbox).AssemblyQualifiedName!; // no generic parameter: it has one
        using var system = ActorSystem.Create("counting", $"evl.mailbox.mailbox-type = \"{type}\"");
        await using (var engine = new AkkaEngine(system))
        {
            var bench = new ActorBench(engine);
            Assert.Equal(1, (await bench.Door().Ask(bench.Spawn("actor").Self)).Handled);
        }
        Assert.NotEqual(0, CountingMailbox.Queues);
        await system.Terminate();
    }

    [Fact]
    public void Mailbox_ThatDoesNotOrderByRank_RefusedWithItsKey()
    {
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(
            () => new AkkaEngine(Sys, options: new AkkaEngineOptions { Mailbox = "other-mailbox" }));
        Assert.Contains("other-mailbox", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(RankMailbox), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_NoSuchDispatcher_SpawnRefused()
    {
        var engine = new AkkaEngine(Sys, options: new AkkaEngineOptions { InBandDispatcher = "nowhere" });
        Assert.ThrowsAny<AkkaException>(() => new ActorBench(engine).Spawn("actor"));
    }

    [Theory]
    [InlineData("two words", "two-words")]
    [InlineData("$temp", "_$temp")]
    [InlineData("ünïcode", "-n-code")]
    [InlineData("a#b%c", "a-b-c")]
    [InlineData("", "unnamed")]
    public async Task Spawn_NameThatIsNoPath_BecomesOne(string name, string element)
    {
        await using var engine = new AkkaEngine(Sys);
        Assert.Equal(element, engine.AddressOf(new ActorBench(engine).Spawn(name).Self).Path.Name);
    }

    [Fact]
    public async Task Spawn_AfterTheEnd_Throws()
    {
        var engine = new AkkaEngine(Sys);
        await engine.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => new ActorBench(engine).Spawn("late"));
    }

    [Fact]
    public async Task Stop_ActorWithOthersUnderIt_TheyEndAndTheEngineGoesOn()
    {
        await using var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        ScriptedActor parent = bench.Spawn("parent");
        ScriptedActor child = bench.Spawn("parent/child");
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(engine.AddressOf(parent.Self));
        engine.Stop(parent.Self);
        await watcher.ExpectTerminatedAsync(engine.AddressOf(parent.Self));
        Assert.Equal(1, child.StoppedCalls);
        // A message that the child has sent to the root is handled before this one's.
        engine.Root.Tell("anything");
        Assert.Equal(1, (await bench.Door().Ask(bench.Spawn("other").Self)).Handled);
        Assert.False(engine.WhenStopped.IsCompleted);
    }

    [Fact]
    public async Task Root_StoppedByTheHost_EngineEnds()
    {
        var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        Sys.Stop(engine.Root);
        await engine.DisposeAsync().AsTask().WaitAsync(s_limit);
        Assert.Equal(1, actor.StoppedCalls);
        Assert.Equal(1, (await bench.Door().Ask(actor.Self)).GivenBack);
    }

    [Fact]
    public async Task EnterAndWait_EngineEnds_Throws()
    {
        var engine = new AkkaEngine(Sys);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Caller caller = engine.CreateCaller();
        // Never answered: taken by the actor, which ends without a word.
        var question = new Question(caller, _ => entered.SetResult(), answersItself: true);
        Task blocked = engine.StartThread(new ThreadOptions("blocked"), () => caller.EnterAndWait(actor.Self, question, Rank.InBand));
        await entered.Task.WaitAsync(s_limit);
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => blocked.WaitAsync(s_limit));
    }

    [Fact]
    public async Task Clock_WrongKind_Refused()
    {
        using var system = ActorSystem.Create("wrong", "evl.clock = sundial");
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => new AkkaEngine(system));
        Assert.Contains("sundial", thrown.Message, StringComparison.Ordinal);
        await system.Terminate();
    }

    /// <summary>A mailbox of the host's: the package's, and something of its own.</summary>
    public sealed class CountingMailbox(Settings settings, Config config) : RankMailbox(settings, config)
    {
        private static int s_queues;

        internal static int Queues => s_queues;

        public override IMessageQueue Create(IActorRef owner, ActorSystem system)
        {
            Interlocked.Increment(ref s_queues);
            return base.Create(owner, system);
        }
    }
}
