using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that a thread detached or ended: its element's name is free once no file refers to it; head-ranked.</summary>
internal sealed class DetachElement(ThreadInfo thread) : Message
{
    internal ThreadInfo Thread { get; } = thread;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
