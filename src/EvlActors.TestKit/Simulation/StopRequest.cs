using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>A stop on its way from another thread; it reaches the actor by the inbox, never by its mailbox.</summary>
internal sealed class StopRequest : Message
{
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
