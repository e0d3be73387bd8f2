using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that the last file of an element is gone, before its close is answered; head-ranked: the name is free at once.</summary>
internal sealed class ElementGone(DeviceRef device) : Message
{
    internal DeviceRef Device { get; } = device;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
