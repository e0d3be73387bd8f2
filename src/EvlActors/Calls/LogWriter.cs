using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Writes the machine's log, in the in-band stage.</summary>
internal sealed class LogWriter : Actor
{
    /// <inheritdoc/>
    protected internal override void Receive(Message message) => ((LogLine)message).Write();
}
