using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>Passes its messages on, or answers their caller if it is the last; notes the thread of its last turn.</summary>
internal sealed class Courier(ActorRef? next = null) : Actor
{
    public Thread? RanOn { get; private set; }

    protected internal override void Receive(Message message)
    {
        RanOn = Thread.CurrentThread;
        if (next is not null)
            next.Tell(message, message.Rank);
        else
            message.Caller!.Answer(); // entered by a caller
    }
}
