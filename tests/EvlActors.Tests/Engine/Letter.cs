using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>A message that can be sent again and again; given back, it answers its caller.</summary>
internal sealed class Letter : Message
{
    protected internal override void Undeliverable(UndeliverableReason reason) => Caller?.Answer();
}
