using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>What an actor of the host has sent straight to an actor of a machine, while it is queued.</summary>
internal sealed class ForeignMessage : Message
{
    internal ForeignMessage(Envelope envelope)
    {
        Envelope = envelope;
        Rank = Rank.InBand;
    }

    internal Envelope Envelope { get; }

    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
