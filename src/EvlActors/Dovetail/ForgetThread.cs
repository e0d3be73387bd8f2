using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Tells the router that a user thread is dead. Head-ranked.</summary>
internal sealed class ForgetThread(ThreadInfo thread) : Message
{
    internal ThreadInfo Thread { get; } = thread;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
