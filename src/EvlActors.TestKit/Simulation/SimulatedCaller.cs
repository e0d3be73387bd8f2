using System.Threading.Tasks.Sources;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>A caller from outside. It never runs actors itself, unless it is told to wait.</summary>
internal sealed class SimulatedCaller(SimulationEngine engine, int number) : Caller
{
    private static readonly object s_idle = new();
    private static readonly object s_answered = new();

    // Idle, answered, or what goes on at the answer; null while an entry is in flight and nobody asked to be told.
    private object? _continuation = s_idle;
    private object? _state;
    private SimulatedBody? _home;
    private SimulatedBody? _outside;
    private ActorRef? _target;
    private Message? _entry;

    /// <summary>Whether what it entered with last is not answered yet.</summary>
    internal bool IsInFlight => Volatile.Read(ref _continuation) is var continuation && continuation != s_idle && continuation != s_answered;

    /// <summary>The message that it entered with last; while it is in flight, what it waits for.</summary>
    internal Message? Entry => _entry;

    /// <summary>The body that goes on when it is answered, or null.</summary>
    internal SimulatedBody? Home => _home;

    /// <summary>The user thread that it makes calls for, or null.</summary>
    internal ThreadInfo? Thread => (_entry as Call)?.Thread;

    public override bool IsAnswered => Volatile.Read(ref _continuation) == s_answered;

    public override void Enter(ActorRef target, Message message, Rank rank)
    {
        object? last = _continuation;
        if (last != s_idle && last != s_answered)
            throw new InvalidOperationException("The last entry was not answered yet: await it, or make another caller.");
        SimulatedBody? home = engine.BodyHere;
        _state = null;
        _home = null;
        _target = target;
        _entry = message;
        if (home is not null)
            home.LastCaller = this;
        Volatile.Write(ref _continuation, null);
        message.Caller = this;
        target.Tell(message, rank);
    }

    public override void EnterAndWait(ActorRef target, Message message, Rank rank)
    {
        if (engine.IsRunningHere)
            throw new InvalidOperationException(
                "A blocking call was made from inside a turn or a body, so the simulation would wait for itself: await the asynchronous call.");
        Enter(target, message, rank);
        engine.RunUntilAnswered(this);
    }

    public override void Answer()
    {
        object? continuation = Interlocked.Exchange(ref _continuation, s_answered);
        if (continuation == s_answered || continuation == s_idle)
            throw new InvalidOperationException($"{this} was answered, but nothing is in flight.");
        if (continuation is not null)
            _home!.Post((Action<object?>)continuation, _state); // both were written before the continuation
    }

    public override void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        SimulatedBody home = engine.BodyHere ?? (_outside ??= engine.AddBody($"outside of {this}", null));
        _state = state;
        _home = home;
        object? before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (before == s_answered)
            home.Post(continuation, state);
        else if (before is not null)
            throw new InvalidOperationException("One continuation for each entry, after it was entered.");
    }

    public override string ToString() => _target is null ? $"caller {number}" : $"caller {number}: {Describe.Of(_entry!)} to {_target.Name}";
}
