using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Ends a thread: its sleep is interrupted, and it is dead once its call is answered; head-ranked.</summary>
internal sealed class KillThread : Message
{
    /// <summary>Does nothing: it is dead.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
