using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Gives a machine's end its grace time: when it is over, the in-band stage fails what still holds calls.</summary>
internal sealed class Shutdown(MachineContext context, long graceNs) : Actor
{
    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        if (message is ActorTimer)
            context.InBandStage.Tell(new EndOfGrace(), Rank.Head);
        else
            Engine.Arm(new ActorTimer(Self), Engine.MonotonicNs + graceNs);
    }
}
