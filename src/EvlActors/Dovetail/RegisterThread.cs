using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Makes a user thread known to the router.</summary>
internal sealed class RegisterThread(ThreadInfo thread) : Message
{
    internal ThreadInfo Thread { get; } = thread;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
