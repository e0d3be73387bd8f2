using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that the last file of an element is gone, before its close is answered; head-ranked: the name is free at once.</summary>
internal sealed class ElementGone(DeviceRef device, int opens) : Message
{
    internal DeviceRef Device { get; } = device;

    /// <summary>How many opens the device had seen: one that is on its way is not among them.</summary>
    internal int Opens { get; } = opens;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
