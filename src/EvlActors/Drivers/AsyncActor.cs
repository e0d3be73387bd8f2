using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// An actor whose handlers may be asynchronous: whatever an <see cref="IoTask{T}"/> awaits, it resumes in a turn of the actor
/// that started it.
/// </summary>
public abstract class AsyncActor : Actor
{
    [ThreadStatic]
    private static AsyncActor? s_current;

    /// <summary>The actor whose turn runs on this thread; null outside such a turn.</summary>
    internal static AsyncActor? Current => s_current;

    /// <summary>The rank of the message that the running turn handles; a handler that suspends resumes at this rank.</summary>
    internal Rank TurnRank { get; private set; }

    /// <summary>The caller who waits for the running turn's message, or null.</summary>
    internal Caller? TurnCaller { get; private set; }

    /// <summary>What the running handler runs as, or null; a suspended handler has it again when it goes on.</summary>
    internal IoContext? TurnContext { get; set; }

    /// <summary>Runs one turn: a resumption of one of its handlers, or <see cref="OnMessage"/>.</summary>
    /// <param name="message">The message.</param>
    protected internal sealed override void Receive(Message message)
    {
        if (ReceiveOrAnswer(message))
            Answer(message);
    }

    /// <inheritdoc/>
    internal override bool ReceiveOrAnswer(Message message)
    {
        // One look-up in thread-local storage for the three uses.
        ref AsyncActor? current = ref s_current;
        AsyncActor? outer = current;
        current = this;
        TurnRank = message.Rank;
        TurnCaller = message.Caller;
        TurnContext = null;
        try
        {
            if (message is Resumption resumption)
                resumption.Resume();
            else
                OnMessage(message);
        }
        finally
        {
            current = outer;
        }
        return false;
    }

    /// <summary>Sends a message back that <see cref="ReceiveOrAnswer"/> has answered.</summary>
    /// <param name="message">The message.</param>
    internal virtual void Answer(Message message)
    {
    }

    /// <summary>A handler began to await something foreign.</summary>
    internal virtual void AwaitsForeign(IoContext? context)
    {
    }

    /// <summary>Handles a message that is no resumption.</summary>
    /// <param name="message">The message, now owned by this actor.</param>
    protected abstract void OnMessage(Message message);
}
