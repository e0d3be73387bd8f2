using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>A message that brings its own code, and counts what became of it.</summary>
public class Work(Action? action = null, Action<UndeliverableReason>? undeliverable = null) : Message
{
    private int _handled;
    private int _givenBack;

    /// <summary>How often it was handled.</summary>
    public int Handled => Volatile.Read(ref _handled);

    /// <summary>How often it was given back.</summary>
    public int GivenBack => Volatile.Read(ref _givenBack);

    /// <summary>Why it was given back the last time, or null.</summary>
    public UndeliverableReason? Reason { get; private set; }

    /// <summary>Handles it, in a turn.</summary>
    public virtual void Run()
    {
        Interlocked.Increment(ref _handled);
        action?.Invoke();
    }

    /// <inheritdoc/>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        Reason = reason;
        Interlocked.Increment(ref _givenBack);
        undeliverable?.Invoke(reason);
    }
}
