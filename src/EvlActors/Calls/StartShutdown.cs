using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Starts the grace time of the machine's end.</summary>
internal sealed class StartShutdown : Message
{
    /// <summary>Does nothing: the machine has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
