using EvlActors.Actors;

namespace EvlActors.InBand;

/// <summary>Adds a device node; head-ranked, so that no later open misses it.</summary>
internal sealed class AddNode(DeviceNode node) : Message
{
    internal DeviceNode Node { get; } = node;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
