using System.Threading.Tasks.Sources;

namespace EvlActors.Actors;

/// <summary>
/// The door through which code outside the actors calls in and gets its answer. One entry at a time. Made by
/// <see cref="IActorEngine.CreateCaller"/>; what an answer holds is the business of whoever sends and answers the message.
/// </summary>
public abstract class Caller
{
    /// <summary>Whether the last entry was answered.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>
    /// Sends a message in without waiting. The calling thread may run actors until the message is answered, asleep or in a lane
    /// that it may not own; it never waits for anybody.
    /// </summary>
    /// <param name="target">The actor that gets the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="rank">Its rank.</param>
    /// <exception cref="InvalidOperationException">The last entry was not answered yet.</exception>
    public abstract void Enter(ActorRef target, Message message, Rank rank);

    /// <summary>Sends a message in and blocks the calling thread until it is answered.</summary>
    /// <param name="target">The actor that gets the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="rank">Its rank.</param>
    /// <exception cref="InvalidOperationException">The last entry was not answered yet, or the calling thread is running an
    /// actor (it would wait for itself).</exception>
    public abstract void EnterAndWait(ActorRef target, Message message, Rank rank);

    /// <summary>
    /// Answers the entry; called once for each, by the actor that ends it, as the last thing that actor does with the message:
    /// from here on the message is the caller's again.
    /// </summary>
    public abstract void Answer();

    /// <summary>As <see cref="Answer"/>, in a turn of <paramref name="sender"/>: an engine then knows whose thread this is without asking
    /// which thread it is.</summary>
    /// <param name="sender">The actor whose turn is running.</param>
    internal virtual void AnswerFrom(Actor sender) => Answer();

    /// <summary>
    /// Sets what runs when the entry is answered: where the engine says, never in an actor's turn. Runs soon if it was answered
    /// already.
    /// </summary>
    /// <param name="continuation">What to run.</param>
    /// <param name="state">Its argument.</param>
    /// <param name="flags">Whether the calling code asked for its scheduling context.</param>
    public abstract void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags);
}
