using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>A request of a driver, the element of a thread, to that thread's actor; head-ranked, and back as its own answer.</summary>
internal sealed class ThreadRequest(ActorRef replyTo, Rank replyRank, object waiter) : Message
{
    /// <summary>One of <see cref="ThreadCommand"/>.</summary>
    internal uint Command { get; init; }

    /// <summary>Which attachment of the thread is meant.</summary>
    internal int Attachment { get; init; }

    /// <summary>The thread that asks.</summary>
    internal int FromTid { get; init; }

    /// <summary>The mode bits to set or clear.</summary>
    internal EvlThreadMode Mode { get; init; }

    /// <summary>Who waits for the answer, as the asking actor knows it.</summary>
    internal object Waiter { get; } = waiter;

    internal bool IsAnswer { get; private set; }

    /// <summary>The answer: a value, such as the old mode bits, or an errno.</summary>
    internal SysResult Result { get; private set; }

    /// <summary>The answer to a question for the state.</summary>
    internal EvlThreadStatistics Statistics { get; set; }

    internal void Answer(SysResult result)
    {
        Result = result;
        IsAnswer = true;
        replyTo.Tell(this, replyRank);
    }

    /// <summary>Answered: the thread is gone.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (!IsAnswer)
            Answer(Errno.ESTALE);
    }
}
