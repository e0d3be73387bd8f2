namespace EvlActors.Actors;

/// <summary>
/// What actors send each other. A message is in at most one mailbox at a time, and whoever holds it owns it: the sender gives
/// it away with <see cref="ActorRef.Tell"/>, the receiver may change it, keep it or send it on.
/// </summary>
public abstract class Message
{
    /// <summary>The next message of the queue that holds this one; owned by that queue.</summary>
    internal Message? Next;

    /// <summary>The receiver, while the message is between two lanes; owned by the engine.</summary>
    internal ActorRef? Target;

    /// <summary>
    /// The caller from outside who waits for what this message leads to, or null. An engine may let that caller's own thread run
    /// the turns that answer it. Set on a call and on every answer or resumption of it.
    /// </summary>
    internal Caller? Caller;

    /// <summary>The rank that the sender gave it at the last <see cref="ActorRef.Tell"/>.</summary>
    public Rank Rank { get; internal set; }

    /// <summary>
    /// Called by the engine, exactly once for each <see cref="ActorRef.Tell"/> that won't be handled: because it was queued when
    /// its receiver stopped, or sent later. A call answers, a reference is given back. Runs like a turn of the stopped actor:
    /// it may send messages and must not block.
    /// </summary>
    /// <param name="reason">Why it won't be handled.</param>
    protected internal abstract void Undeliverable(UndeliverableReason reason);
}
