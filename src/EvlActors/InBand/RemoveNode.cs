using EvlActors.Actors;

namespace EvlActors.InBand;

/// <summary>Takes the device away from a node; head-ranked, so that no later open reaches it.</summary>
internal sealed class RemoveNode(DeviceNode node) : Message
{
    internal DeviceNode Node { get; } = node;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
