using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that the grace time of the machine's end is over: devices that still have calls in them fail.</summary>
internal sealed class EndOfGrace : Message
{
    /// <summary>Does nothing: nothing is left to end.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
