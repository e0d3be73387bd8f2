using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>A line for the log. In-band-ranked.</summary>
internal sealed class LogLine(Action write) : Message
{
    /// <summary>Writes it. What a logger's sink throws is the sink's affair: no actor fails for it.</summary>
    internal void Write()
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // There is no place left to say it.
        }
    }

    /// <summary>Written all the same: the machine ends, its log is to be whole.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Write();
}
