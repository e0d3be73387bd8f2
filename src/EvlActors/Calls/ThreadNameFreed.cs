using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Gives the name of a thread without element back; head-ranked.</summary>
internal sealed class ThreadNameFreed(string name) : Message
{
    internal string Name { get; } = name;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
