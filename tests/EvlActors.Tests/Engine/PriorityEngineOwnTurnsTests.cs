using EvlActors.Actors;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>A caller's call that passes between the machine's own actors goes on as any message does: by rank, by who is left, by who fails.</summary>
public sealed class PriorityEngineOwnTurnsTests
{
    [Fact]
    public async Task Tell_HigherAndLowerThanTheNext_ByRank()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var handled = new List<string>();
        ActorRef last = Spawn(engine, _ => caller.Answer());
        ActorRef[] actors = [.. new[] { "oob", "head", "in-band", "oob again" }.Select(name => Spawn(engine, _ => handled.Add(name)))];
        ActorRef first = Spawn(engine, _ =>
        {
            actors[2].Tell(new Letter { Caller = caller }, Rank.InBand);
            last.Tell(new Letter { Caller = caller }, Rank.InBand);
            actors[0].Tell(new Letter { Caller = caller }, Rank.Oob(5));
            actors[1].Tell(new Letter { Caller = caller }, Rank.Head);
            actors[3].Tell(new Letter { Caller = caller }, Rank.Oob(5));
        });
        caller.EnterAndWait(first, new Letter(), Rank.InBand);
        Assert.Equal(["head", "oob", "oob again", "in-band"], handled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_OfTheActorThatIsNext_ItsMessageIsGivenBack(bool byAnotherThread)
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        int handled = 0;
        ActorRef next = Spawn(engine, _ => handled++);
        ActorRef first = Spawn(engine, _ =>
        {
            next.Tell(new Letter { Caller = caller }, Rank.Head);
            var stopping = new Thread(() => engine.Stop(next));
            if (byAnotherThread)
            {
                stopping.Start();
                stopping.Join();
            }
            else
            {
                engine.Stop(next);
            }
        });
        caller.EnterAndWait(first, new Letter(), Rank.InBand);
        // One that has ended already gives back what comes later.
        caller.EnterAndWait(Spawn(engine, message => next.Tell(message, Rank.Head)), new Letter(), Rank.InBand);
        Assert.Equal(0, handled);
    }

    [Fact]
    public async Task Turn_Throws_ItsActorFailsAndNoOther()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        ActorFailed? failed = null;
        ActorRef supervisor = Spawn(engine, message =>
        {
            failed = (ActorFailed)message;
            caller.Answer();
        });
        ActorRef throwing = Spawn(engine, _ => throw new InvalidOperationException("planted"), supervisor);
        ActorRef between = Spawn(engine, message => throwing.Tell(message, message.Rank), supervisor);
        ActorRef first = Spawn(engine, message => between.Tell(message, message.Rank), supervisor);
        caller.EnterAndWait(first, new Letter(), Rank.InBand);
        Assert.Equal((throwing, "planted"), (failed!.Actor, failed.Cause.Message));
        // The others go on; it gives back what comes.
        failed = null;
        caller.EnterAndWait(first, new Letter(), Rank.InBand);
        Assert.Null(failed);
    }

    private static ActorRef Spawn(PriorityEngine engine, Action<Message> turn, ActorRef? supervisor = null) =>
        engine.Spawn(new PlainActor(turn), new SpawnOptions("actor", Placement.InBand, supervisor));
}
