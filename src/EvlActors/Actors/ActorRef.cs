namespace EvlActors.Actors;

/// <summary>Where messages for one actor are sent. Made by an engine's <see cref="IActorEngine.Spawn"/>.</summary>
public abstract class ActorRef
{
    /// <summary>The actor's name, readable in logs and events.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Sends a message; the sender gives it away. When it returns the message is in the receiver's mailbox, so delivery is
    /// causal: whatever led to a message is ahead of it at the same receiver and rank. Never blocks, never runs the receiver
    /// inside the sender's turn. Any thread, any stage.
    /// </summary>
    /// <param name="message">The message; in no mailbox at the moment.</param>
    /// <param name="rank">Its rank.</param>
    public abstract void Tell(Message message, Rank rank);

    /// <summary>
    /// Sends a message, as <see cref="Tell"/>, in a turn of <paramref name="sender"/>: an engine then knows where
    /// the sender runs without asking which thread this is.
    /// </summary>
    /// <param name="sender">The actor whose turn is running.</param>
    /// <param name="message">The message; in no mailbox at the moment.</param>
    /// <param name="rank">Its rank.</param>
    internal virtual void TellFrom(Actor sender, Message message, Rank rank) => Tell(message, rank);

    /// <summary>
    /// Sends a message, as <see cref="TellFrom"/>, as the last thing that <paramref name="sender"/> does in its turn. An engine may let
    /// the receiver's turn begin at once, if that would be the next anyway; and if the receiver can answer at once, the answer
    /// needs no message either: then the sender goes on as if it had come.
    /// </summary>
    /// <param name="sender">The actor whose turn ends with this.</param>
    /// <param name="message">The message; in no mailbox at the moment.</param>
    /// <param name="rank">Its rank.</param>
    /// <returns>Whether the message is back, answered; else it is gone.</returns>
    internal virtual bool HandOn(Actor sender, Message message, Rank rank)
    {
        TellFrom(sender, message, rank);
        return false;
    }

    /// <summary>Whether a message of that rank for this actor, sent in its running turn, would be the next to be handled.</summary>
    /// <param name="rank">The rank.</param>
    /// <returns>False also where the engine does not know.</returns>
    internal virtual bool IsNext(Rank rank) => false;

    /// <summary>The actor itself, to have it fetched from memory and for nothing else; null where the engine keeps it elsewhere.</summary>
    internal virtual object? Behind => null;

    /// <summary>The actor's name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
