using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Gives process-directed signals back to the process, in their order: the thread that had accepted them ended first.
/// Head-ranked.</summary>
internal sealed class SignalReturned(ProcessInfo process, IReadOnlyList<SigInfo> signals) : Message
{
    internal ProcessInfo Process { get; } = process;

    internal IReadOnlyList<SigInfo> Signals { get; } = signals;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
