using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Takes an in-band reference on behalf of a descriptor that refers to the file now; head-ranked. Sent to the file, or through
/// the oob stage if the file is oob, so that it arrives before whatever the new descriptor leads to.
/// </summary>
internal sealed class TakeReference : Message
{
    internal OpenFileRef File = null!; // set when rented

    /// <summary>The table whose index gets the file under <see cref="Fd"/> on the way through the oob stage.</summary>
    internal FilesTable? Table;

    internal int Fd;

    /// <summary>Does nothing: a file that a descriptor refers to has not stopped, unless the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
