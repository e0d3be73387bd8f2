namespace EvlActors.Actors;

/// <summary>
/// Something that owns state and handles one message at a time. Its state is touched by its turns alone, so it needs no lock.
/// </summary>
public abstract class Actor
{
    /// <summary>Where messages for this actor are sent; set by the engine before the first turn.</summary>
    public ActorRef Self { get; internal set; } = null!; // set by Spawn, before anything can call in

    /// <summary>The engine that runs this actor; set before the first turn.</summary>
    public IActorEngine Engine { get; internal set; } = null!; // set by Spawn, before anything can call in

    /// <summary>The free lists of the lane it lives in; set by Spawn, used in turns only.</summary>
    internal LanePool Pool { get; set; } = null!; // set by Spawn, before anything can call in

    /// <summary>
    /// Whether its turns run code that is not the machine's own. Such code may change the thread's execution context and may take
    /// its time: what it changed is undone after every turn, and a thread runs it in one lane only.
    /// </summary>
    internal virtual bool RunsUserCode => true;

    /// <summary>
    /// Handles a message: one turn. An exception stops the actor: what is queued becomes
    /// <see cref="Message.Undeliverable">undeliverable</see> and the supervisor gets an <see cref="ActorFailed"/>.
    /// </summary>
    /// <param name="message">The message, now owned by this actor.</param>
    protected internal abstract void Receive(Message message);

    /// <summary>
    /// Handles a message whose sender takes the answer itself, if it is there at the end of this turn: else as <see cref="Receive"/>.
    /// </summary>
    /// <param name="message">The message, now owned by this actor.</param>
    /// <returns>Whether it is answered, and the sender's again.</returns>
    internal virtual bool ReceiveOrAnswer(Message message)
    {
        Receive(message);
        return false;
    }

    /// <summary>Called once, in the actor's last turn, after it was stopped or failed and before its queue is given back.</summary>
    protected internal virtual void Stopped()
    {
    }
}
