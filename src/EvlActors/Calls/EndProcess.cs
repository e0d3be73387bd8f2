using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Ends a process as a signal's default action does; told to the in-band stage, head-ranked. Nothing happens if it ends already.
/// </summary>
internal sealed class EndProcess(ProcessInfo process, WaitStatus status) : Message
{
    internal ProcessInfo Process { get; } = process;

    internal WaitStatus Status { get; } = status;

    /// <summary>Does nothing: the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
