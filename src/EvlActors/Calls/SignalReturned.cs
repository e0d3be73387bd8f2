using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Gives a process-directed signal back to the process: the thread that had accepted it ended first. Head-ranked.</summary>
internal sealed class SignalReturned(ProcessInfo process, SigInfo info) : Message
{
    internal ProcessInfo Process { get; } = process;

    internal SigInfo Info { get; } = info;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
