using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells the in-band stage that the default action of a signal ends a process. Head-ranked.</summary>
internal sealed class EndProcess(ProcessInfo process, Signal signal) : Message
{
    internal ProcessInfo Process { get; } = process;

    internal Signal Signal { get; } = signal;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
