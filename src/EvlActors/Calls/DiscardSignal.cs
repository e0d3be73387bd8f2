using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells a thread's actor that its process ignores a signal now: what is pending of it is dropped. Head-ranked.</summary>
internal sealed class DiscardSignal(Signal signal) : Message
{
    internal Signal Signal { get; } = signal;

    /// <summary>Does nothing: the thread has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
