using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that a thread is dead: no call of it is under way and none will be.</summary>
internal sealed class ThreadEnded(ThreadInfo thread) : Message
{
    internal ThreadInfo Thread { get; } = thread;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
