using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>Makes a process, or a thread of one, known to the in-band stage; head-ranked, so that it is known before its calls.</summary>
internal sealed class ProcessMessage(ProcessInfo process, ThreadInfo? thread = null) : Message
{
    internal ProcessInfo Process { get; } = process;

    /// <summary>The new thread; null: the process itself is new.</summary>
    internal ThreadInfo? Thread { get; } = thread;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
