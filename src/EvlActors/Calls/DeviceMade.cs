using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that a driver made a device without a node; head-ranked.</summary>
internal sealed class DeviceMade(DeviceRef device) : Message
{
    internal DeviceRef Device { get; } = device;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
