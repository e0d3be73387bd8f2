using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Asks a device that still has calls in it to fail, because the machine ends; head-ranked.</summary>
internal sealed class FailDevice : Message
{
    /// <summary>Does nothing: it has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
