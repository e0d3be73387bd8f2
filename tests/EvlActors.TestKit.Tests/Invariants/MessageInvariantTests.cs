using EvlActors.Actors;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class MessageInvariantTests
{
    private readonly SimulationEngine _engine = new(1);

    [Fact]
    public void Ended_HandledOrGivenBack_IsFine()
    {
        ActorRef actor = _engine.Spawn(new Idle(), new SpawnOptions("idle"));
        actor.Tell(new Letter(), Rank.InBand);
        _engine.RunUntilQuiescent();
        _engine.Stop(actor);
        actor.Tell(new Letter(), Rank.InBand);
        _engine.RunUntilQuiescent();
        Assert.Null(new MessageInvariant(_engine).Ended());
        Assert.Equal(1, _engine.GivenBack);
    }

    [Fact]
    public void Ended_OneIsLost_IsWrong()
    {
        _engine.Sent++;
        Assert.Equal("1 were sent, 0 handled and 0 given back", new MessageInvariant(_engine).Ended());
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
