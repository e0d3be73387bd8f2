namespace EvlActors.Drivers;

/// <summary>
/// A sequence lock. Counterpart of <c>seqlock_t</c>. Turns don't overlap, so a reader never has to retry and its sequence number
/// only tells whether there was a write between two turns; writing is an atomic section.
/// </summary>
/// <param name="name">Its name, for the message that a sleep under it gets.</param>
public sealed class SeqLock(string name = "seqlock")
{
    private long _sequence;

    /// <summary>Begins a write. <c>write_seqlock</c>; its end is <c>write_sequnlock</c>.</summary>
    /// <param name="context">Who runs.</param>
    /// <returns>The section, ended by <c>using</c>.</returns>
    public AtomicSection Write(IoContext context)
    {
        _sequence++;
        return new AtomicSection(context, name);
    }

    /// <summary>Begins a read. <c>read_seqbegin</c>.</summary>
    /// <returns>The sequence number.</returns>
    public long BeginRead() => _sequence;

    /// <summary>Whether something was written since a read began. <c>read_seqretry</c>.</summary>
    /// <param name="sequence">What <see cref="BeginRead"/> returned.</param>
    /// <returns>Whether the read has to be done again.</returns>
    public bool Retry(long sequence) => _sequence != sequence;
}
