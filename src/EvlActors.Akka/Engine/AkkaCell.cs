using Akka.Actor;
using Akka.Event;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Akka.Engine;

/// <summary>
/// One actor of a machine as an Akka actor: its address, its turns and its end. A message is in one place from Tell until it is
/// handled or given back, and <see cref="Message.Target"/> says so: whoever clears it is the one to do either.
/// </summary>
internal sealed class AkkaCell(AkkaEngine engine, Actor actor, SpawnOptions options) : ActorRef, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static AkkaCell? s_current;

    // Touched in its turns.
    private CellTimers? _timers;
    private Exception? _failure;

    private bool _isStopping;

    // What is to be given back, when the last turn is over; shared with all who send, under the gate.
    private readonly Lock _gate = new();
    private Mailbox _returns;
    private bool _hasEnded;
    private bool _isReturning;
    private UndeliverableReason _reason;

    public override string Name { get; } = options.FullName;

    /// <summary>Where Akka delivers; set when it is spawned, before anybody has this reference.</summary>
    internal IActorRef Address { get; set; } = ActorRefs.Nobody;

    internal AkkaEngine Engine => engine;

    /// <summary>Whether a turn of a machine's actor runs on the calling thread.</summary>
    internal static bool IsInTurn => s_current is not null;

    /// <summary>The cell whose Akka actor is the parent of this one's, if it is one's.</summary>
    internal required AkkaCell? Above { get; init; }

    /// <summary>The dispatcher it runs on.</summary>
    internal required string Dispatcher { get; init; }

    /// <summary>Its timers, in a turn of its own.</summary>
    internal CellTimers Timers => s_current == this
        ? _timers ??= new CellTimers(this)
        : throw new InvalidOperationException($"A timer of '{Name}' is armed and disarmed in turns of '{Name}' only.");

    public override void Tell(Message message, Rank rank)
    {
        message.Rank = rank;
        message.Target = this;
        if (Volatile.Read(ref _hasEnded))
            GiveBackLater(message);
        else
            Address.Tell(message, ActorRefs.NoSender);
    }

    /// <summary>Has it handle nothing more. Any thread.</summary>
    internal void Stop()
    {
        // First, as Akka may take one more message out of the mailbox before it sees its own.
        Volatile.Write(ref _isStopping, true);
        engine.System.Stop(Address);
    }

    /// <summary>One turn. By its Akka actor, which is stopped if this throws.</summary>
    internal void Handle(Message message)
    {
        if (Volatile.Read(ref _isStopping))
        {
            GiveBackLater(message);
            return;
        }
        message.Target = null;
        using TurnScope turn = Enter();
        try
        {
            if (message is TimerTick)
                Timers.OnTick();
            else if (message is not ActorTimer timer || IsStillWanted(timer))
                actor.Receive(message);
        }
        catch (Exception cause)
        {
            _failure = cause;
            throw;
        }
    }

    /// <summary>The last turn, after it was stopped or has failed. By its Akka actor, before Akka cleans the mailbox up.</summary>
    internal void End()
    {
        using TurnScope turn = Enter();
        _timers?.Stop();
        try
        {
            actor.Stopped();
        }
        catch (Exception cause)
        {
            engine.Log.Error(cause, "Actor {0} threw from Stopped.", Name);
        }
        if (_failure is { } failure)
            options.Supervisor?.Tell(new ActorFailed(this, failure), Rank.Head);
        else if (!Volatile.Read(ref _isStopping) && Above is not { IsEnding: true })
            engine.HasStopped(Address.Path);
        engine.Forget(this);
        lock (_gate)
        {
            _reason = _failure is not null ? UndeliverableReason.Failed
                : engine.IsDisposing ? UndeliverableReason.EngineDisposed
                : UndeliverableReason.Stopped;
            Volatile.Write(ref _hasEnded, true);
            if (_returns.IsEmpty)
                return;
            _isReturning = true;
        }
        engine.QueueReturns(this);
    }

    /// <summary>Has a message given back, after the last turn and never inside the sender's. Any thread.</summary>
    internal void GiveBackLater(Message message)
    {
        lock (_gate)
        {
            _returns.Enqueue(message);
            if (!_hasEnded || _isReturning)
                return;
            _isReturning = true;
        }
        engine.QueueReturns(this);
    }

    /// <summary>Gives back what is to be given back, one after another; by the thread pool.</summary>
    public void Execute()
    {
        while (TakeReturn() is { } message)
            GiveBack(message);
        engine.ReturnsDone();
    }

    // Its Akka actor's children stop before it does.
    private bool IsEnding => Volatile.Read(ref _isStopping) || _failure is not null;

    private Message? TakeReturn()
    {
        lock (_gate)
        {
            if (!_returns.IsEmpty)
                return _returns.Dequeue();
            _isReturning = false;
            return null;
        }
    }

    private void GiveBack(Message message)
    {
        message.Target = null;
        if (message is ActorTimer timer)
            timer.IsQueued = false;
        using TurnScope turn = Enter();
        try
        {
            message.Undeliverable(_reason);
        }
        catch (Exception cause)
        {
            engine.Log.Error(cause, "A {0} to actor {1} threw from Undeliverable.", message.GetType().Name, Name);
        }
    }

    // Disarmed, or armed again for a later date, after it had been queued: not delivered now.
    private static bool IsStillWanted(ActorTimer timer)
    {
        timer.IsQueued = false;
        if (!timer.IsArmed || timer.HeapIndex >= 0)
            return false;
        timer.IsArmed = false;
        return true;
    }

    private TurnScope Enter()
    {
        var scope = new TurnScope(s_current, BroughtContext.TakeOff()); // any turn may run a driver's code
        s_current = this;
        return scope;
    }

    /// <summary>Until disposed of, a turn runs on this thread, without the contexts that it brought along.</summary>
    private readonly ref struct TurnScope(AkkaCell? outer, BroughtContext brought)
    {
        public void Dispose()
        {
            s_current = outer;
            brought.PutBack();
        }
    }
}
