using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>A message that a fault put off: it waits with <see cref="LateMessages"/>, then comes to its receiver once more.</summary>
internal sealed class LateMessage : Message
{
    private readonly ActorRef _receiver;
    private readonly Rank _rank;

    internal LateMessage(Message message, ActorRef receiver)
    {
        Delayed = message;
        Caller = message.Caller;
        _receiver = receiver;
        _rank = message.Rank;
    }

    /// <summary>What was put off; the receiver handles it now.</summary>
    internal Message Delayed { get; }

    internal long DelayNs { get; init; }

    /// <summary>Sends it on, as it would have come in time.</summary>
    internal void Deliver() => _receiver.Tell(this, _rank);

    /// <summary>As if what was put off had been in the mailbox all the time.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Delayed.Undeliverable(reason);
}
