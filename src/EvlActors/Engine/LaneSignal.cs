using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>What a lane is told itself, in order with the messages of its actors.</summary>
internal abstract class LaneSignal : Message
{
    /// <summary>Does what it says; by the lane's owner, between two turns.</summary>
    internal abstract void Apply(Lane lane);

    protected internal sealed override void Undeliverable(UndeliverableReason reason)
    {
    }
}
