using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>Own lanes, failure and disposal.</summary>
public sealed class PriorityEngineLaneTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Placement.OwnInBand)]
    [InlineData(Placement.OwnOob)]
    public async Task OwnLane_TurnHeldUp_OtherLanesRun(Placement placement)
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor own = bench.Spawn("own", placement);
        ScriptedActor inBand = bench.Spawn("in-band");
        ScriptedActor oob = bench.Spawn("oob", Placement.Oob);
        using var gate = new CountdownEvent(2);
        bool opened = false;
        var done = new Tally();
        own.Self.Tell(new Work(() =>
        {
            opened = gate.Wait(s_limit);
            done.Set();
        }), Rank.InBand);
        inBand.Self.Tell(new Work(() => gate.Signal()), Rank.InBand);
        oob.Self.Tell(new Work(() => gate.Signal()), Rank.InBand);
        await done.Ended.WaitAsync(s_limit);
        Assert.True(opened);
    }

    [Fact]
    public async Task OwnLane_ItsActorsStopped_GivesBackWhatComesLater()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor own = bench.Spawn("own", Placement.OwnOob);
        await bench.Door().Ask(own.Self);
        engine.Stop(own.Self);
        for (int i = 0; i < 100; i++)
        {
            var givenBack = new Tally();
            var work = new Work(null, _ => givenBack.Set());
            own.Self.Tell(work, Rank.InBand);
            await givenBack.Ended.WaitAsync(s_limit);
            Assert.Equal(UndeliverableReason.Stopped, work.Reason);
        }
    }

    [Fact]
    public async Task OwnLane_NewNeighbourOfAStoppedActor_RunsWithTimers()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        for (int i = 0; i < 50; i++)
        {
            ScriptedActor own = bench.Spawn("own", Placement.OwnInBand);
            engine.Stop(own.Self);
            var neighbour = new ScriptedActor(bench);
            var expired = new Tally();
            neighbour.OnOther = _ => expired.Set();
            engine.Spawn(neighbour, new SpawnOptions("neighbour", Placement.WithNeighbour, Neighbour: own.Self));
            await bench.Door().Ask(neighbour.Self, () =>
                engine.Arm(new ActorTimer(neighbour.Self), engine.MonotonicNs + 100_000));
            await expired.Ended.WaitAsync(s_limit);
            engine.Stop(neighbour.Self);
        }
        Assert.Empty(bench.Complaints);
    }

    [Fact]
    public async Task Stop_FailedActorFromItsOwnLane_LaneGoesOn()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor failing = bench.Spawn("failing");
        ScriptedActor other = bench.Spawn("other");
        failing.Self.Tell(new Work(() => throw new NotSupportedException("on purpose")), Rank.InBand);
        await bench.Door().Ask(other.Self, () => engine.Stop(failing.Self));
        Question later = await bench.Door().Ask(failing.Self);
        Assert.Equal(UndeliverableReason.Failed, later.Reason);
    }

    [Fact]
    public async Task Failure_NobodyToTell_IsLogged()
    {
        var log = new ListLogger();
        await using var engine = new PriorityEngine(logger: log);
        var bench = new ActorBench(engine);
        ScriptedActor failing = bench.Spawn("failing");
        failing.OnStopped = () => throw new NotSupportedException("stopped");
        var queued = new Work(null, _ => throw new NotSupportedException("given back"));
        await bench.Door().Ask(failing.Self, () =>
        {
            failing.Self.Tell(queued, Rank.InBand);
            failing.Self.Tell(new Work(() => throw new NotSupportedException("failed")), Rank.Head);
        });
        await bench.Door().Ask(failing.Self);
        Assert.Equal(["stopped", "given back", "failed"], log.Causes);
    }

    [Fact]
    public async Task DisposeAsync_CallerParked_ItThrows()
    {
        var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor holder = bench.Spawn("holder", Placement.Oob);
        var held = new Tally();
        Task waiting = engine.StartThread(new ThreadOptions("waiting"), () =>
        {
            Caller caller = engine.CreateCaller();
            caller.EnterAndWait(holder.Self, new Question(caller, _ => held.Set(), answersItself: true), Rank.InBand);
        });
        await held.Ended.WaitAsync(s_limit);
        ValueTask first = engine.DisposeAsync();
        await engine.DisposeAsync().AsTask().WaitAsync(s_limit);
        await first.AsTask().WaitAsync(s_limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(s_limit));
        Assert.Equal(1, holder.StoppedCalls);
        Assert.Throws<ObjectDisposedException>(() => bench.Spawn("too late", Placement.OwnInBand));
    }

    [Fact]
    public async Task DisposeAsync_GivingBackSendsOn_AllIsGivenBackWhenItCompletes()
    {
        for (int round = 0; round < 50; round++)
        {
            var engine = new PriorityEngine();
            var bench = new ActorBench(engine);
            ScriptedActor[] actors =
            [
                bench.Spawn("in-band"), bench.Spawn("oob", Placement.Oob), bench.Spawn("own", Placement.OwnOob),
            ];
            int hops = 0;
            Work Next(int left) => new(null, _ =>
            {
                hops++;
                if (left > 0)
                    actors[left % actors.Length].Self.Tell(Next(left - 1), Rank.InBand);
            });
            foreach (ScriptedActor actor in actors)
                engine.Stop(actor.Self);
            actors[0].Self.Tell(Next(20), Rank.InBand);
            await engine.DisposeAsync().AsTask().WaitAsync(s_limit);
            Assert.Equal(21, hops);
        }
    }

    [Fact]
    public async Task DisposeAsync_InATurn_Completes()
    {
        var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        Task? disposed = null;
        await bench.Door().Ask(actor.Self, () => disposed = engine.DisposeAsync().AsTask());
        await disposed!.WaitAsync(s_limit); // set in the turn
        Assert.Equal(1, actor.StoppedCalls);
    }
}
