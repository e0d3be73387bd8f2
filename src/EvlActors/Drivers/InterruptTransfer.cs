using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// Ends one transfer's sleep at a cross-buffer, or keeps it from sleeping: head-ranked, it may overtake the transfer. Stale
/// numbers are ignored.
/// </summary>
internal sealed class InterruptTransfer(TransferContext at, int number, Errno reason) : Message
{
    internal TransferContext At { get; } = at;

    internal int Number { get; } = number;

    internal Errno Reason { get; } = reason;

    /// <summary>Does nothing: a stopped buffer has answered its transfers.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
