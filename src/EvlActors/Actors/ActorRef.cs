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

    /// <summary>The actor's name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
