namespace EvlActors.Actors;

/// <summary>Tells a supervisor that an actor threw an exception and was stopped.</summary>
/// <param name="actor">The actor that failed.</param>
/// <param name="cause">What it threw.</param>
public sealed class ActorFailed(ActorRef actor, Exception cause) : Message
{
    /// <summary>The actor that failed.</summary>
    public ActorRef Actor { get; } = actor;

    /// <summary>What it threw.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>Does nothing: there is nobody left to hear of it.</summary>
    /// <param name="reason">Why it won't be handled.</param>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
