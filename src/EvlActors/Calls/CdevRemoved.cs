using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells a device that its last node is gone: it ends with its last open file.</summary>
internal sealed class CdevRemoved(int opens) : Message
{
    /// <summary>How many opens were sent to the device: until it has seen them all, one is on its way.</summary>
    internal int Opens { get; } = opens;

    /// <summary>Does nothing: the device has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
