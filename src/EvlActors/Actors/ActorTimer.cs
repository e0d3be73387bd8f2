namespace EvlActors.Actors;

/// <summary>
/// An alarm of one actor: the timer itself is the message that its owner gets, head-ranked, when its date has come. Armed and
/// disarmed by <see cref="IActorEngine.Arm"/> and <see cref="IActorEngine.Disarm"/>, in turns of its owner only. A disarmed
/// timer is not delivered any more, even if its date had come; a timer armed again is delivered once, at the new date.
/// </summary>
/// <param name="owner">The actor that gets it.</param>
/// <param name="state">Whatever the owner wants to find in it.</param>
public sealed class ActorTimer(ActorRef owner, object? state = null) : Message
{
    /// <summary>Its place in the engine's heap, or -1; owned by the engine.</summary>
    internal int HeapIndex = -1;

    /// <summary>Whether it is in its owner's mailbox; owned by the engine.</summary>
    internal bool IsQueued;

    /// <summary>The actor that gets it.</summary>
    public ActorRef Owner { get; } = owner;

    /// <summary>What the owner put there.</summary>
    public object? State { get; } = state;

    /// <summary>The date, in nanoseconds of <see cref="IActorEngine.MonotonicNs"/>.</summary>
    public long DueNs { get; internal set; }

    /// <summary>Whether it is armed and has not been delivered yet.</summary>
    public bool IsArmed { get; internal set; }

    /// <summary>Does nothing: a stopped actor needs no alarm.</summary>
    /// <param name="reason">Why it won't be handled.</param>
    protected internal override void Undeliverable(UndeliverableReason reason) => IsArmed = false;
}
