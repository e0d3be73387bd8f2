using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage and each open file of it that a device failed; head-ranked, sent before the failing call's answer.</summary>
internal sealed class DeviceFailed(DeviceRef device, string operation, Exception cause) : Message
{
    internal DeviceRef Device { get; } = device;

    internal string Operation { get; } = operation;

    internal Exception Cause { get; } = cause;

    /// <summary>Does nothing: who has stopped needs not know.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
