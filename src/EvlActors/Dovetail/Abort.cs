using EvlActors.Actors;

namespace EvlActors.Dovetail;

/// <summary>Answers a thread's call under way although it has not come back: the machine has failed or ends. Head-ranked.</summary>
internal sealed class Abort(Errno errno) : Message
{
    internal Errno Errno { get; } = errno;

    /// <summary>Does nothing: the thread has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
