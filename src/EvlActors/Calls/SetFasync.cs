using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Tells an open file that a list of its driver has it now, under a descriptor, or has it no more: FASYNC follows. Head-ranked,
/// so it is ahead of the answer to the fasync that changed the list.
/// </summary>
internal sealed class SetFasync(bool on, int fd) : Message
{
    internal bool On { get; } = on;

    internal int Fd { get; } = fd;

    /// <summary>Does nothing: the file has gone.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
