using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Asks the in-band stage for a name in the class of threads, for a thread that has no element; head-ranked, and back as its own
/// answer. The name is given back by <see cref="ThreadNameFreed"/>.
/// </summary>
internal sealed class ThreadNameRequest(string name, ActorRef replyTo, ActorRef inBandStage, object asker) : Message
{
    private bool _isAnswer;

    internal string Name { get; } = name;

    /// <summary>Who asks, as the asking actor knows it.</summary>
    internal object Asker { get; } = asker;

    /// <summary>The answer: None, EEXIST, EINVAL, ENAMETOOLONG.</summary>
    internal Errno Errno { get; private set; }

    internal void Answer(Errno errno)
    {
        Errno = errno;
        _isAnswer = true;
        replyTo.Tell(this, Rank.Head);
    }

    /// <summary>The asker is gone: so is the name. If the stage is gone, the machine ends.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (_isAnswer && Errno == Errno.None)
            inBandStage.Tell(new ThreadNameFreed(Name), Rank.Head);
    }
}
