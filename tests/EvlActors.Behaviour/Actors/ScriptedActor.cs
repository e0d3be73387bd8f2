using EvlActors.Actors;
using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>Runs the code that its messages bring, and watches that its turns are turns.</summary>
public sealed class ScriptedActor(ActorBench bench) : AsyncActor
{
    private int _turns;

    /// <summary>What <see cref="Note"/> noted, in order; read in its turns, or when it is known to be at rest.</summary>
    public List<int> Notes { get; } = [];

    /// <summary>Gets the messages that are no <see cref="Work"/>.</summary>
    public Action<Message>? OnOther { get; set; }

    /// <summary>How often <see cref="Stopped"/> was called.</summary>
    public int StoppedCalls { get; private set; }

    /// <summary>Runs when it is stopped.</summary>
    public Action? OnStopped { get; set; }

    /// <summary>Whether one of its turns is running on the calling thread.</summary>
    public bool IsCurrent => Current == this;

    /// <summary>Work that notes a number in a turn.</summary>
    public Work Note(int number) => new(() => Notes.Add(number));

    /// <summary>Tells it to note a number.</summary>
    public void TellNote(int number, Rank rank) => Self.Tell(Note(number), rank);

    /// <summary>Begins a handler whose end answers the question.</summary>
    public void Begin(Question question, Func<IoTask> handler) => _ = Answer(question, handler);

    /// <inheritdoc/>
    protected override void OnMessage(Message message)
    {
        if (Interlocked.Increment(ref _turns) != 1)
            bench.Complain($"{Self} was entered in the middle of a turn.");
        if (SynchronizationContext.Current is { } context)
            bench.Complain($"{context} was there in a turn of {Self}.");
        if (StoppedCalls > 0)
            bench.Complain($"{Self} handled {message} after it had stopped.");
        try
        {
            if (message is Work work)
                work.Run();
            else
                OnOther?.Invoke(message);
        }
        finally
        {
            Interlocked.Decrement(ref _turns);
        }
    }

    /// <inheritdoc/>
    protected internal override void Stopped()
    {
        StoppedCalls++;
        OnStopped?.Invoke();
    }

    private static async IoTask Answer(Question question, Func<IoTask> handler)
    {
        question.Result = await handler();
        question.Answer();
        return 0;
    }
}
