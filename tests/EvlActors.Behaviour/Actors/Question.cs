using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>Work that a caller waits for: answered when its code has run, unless that code answers later by itself.</summary>
public sealed class Question(Caller caller, Action<Question> action, bool answersItself = false) : Work
{
    /// <summary>What its code answers.</summary>
    public SysResult Result { get; set; }

    /// <inheritdoc/>
    public override void Run()
    {
        base.Run();
        action(this);
        if (!answersItself)
            Answer();
    }

    /// <summary>Answers the caller.</summary>
    public void Answer() => caller.Answer();

    /// <inheritdoc/>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        base.Undeliverable(reason);
        Answer();
    }
}
