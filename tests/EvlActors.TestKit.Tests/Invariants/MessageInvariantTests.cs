using EvlActors.Actors;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class MessageInvariantTests
{
    [Fact]
    public void Ended_HandledOrGivenBack_IsFine()
    {
        var engine = new SimulationEngine(1);
        ActorRef actor = engine.Spawn(new Idle(), new SpawnOptions("idle"));
        actor.Tell(new Letter(), Rank.InBand);
        engine.RunUntilQuiescent();
        engine.Stop(actor);
        actor.Tell(new Letter(), Rank.InBand);
        engine.RunUntilQuiescent();
        Assert.Null(new MessageInvariant(engine).Ended());
        Assert.Equal(1, engine.GivenBack);
    }

    [Fact]
    public void Ended_OneIsLost_IsWrong()
    {
        var engine = new SimulationEngine(1);
        engine.Sent++;
        Assert.Equal("1 were sent, 0 handled and 0 given back", new MessageInvariant(engine).Ended());
    }

    private sealed class Idle : Actor
    {
        protected internal override void Receive(Message message)
        {
        }
    }

    private sealed class Letter : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }
}
