using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>An actor in the simulation, with its mailbox.</summary>
internal sealed class SimulatedActor(SimulationEngine engine, Actor actor, string name, ActorRef? supervisor) : ActorRef
{
    private Mailbox _mailbox;
    private bool _isStopAsked;
    private bool _isStopped;
    private UndeliverableReason _reason;

    public override string Name => name;

    public bool IsStopped => _isStopped;

    internal Actor Actor => actor;

    /// <summary>Whether its turns may leave something in the thread that is not the next turn's.</summary>
    internal bool RunsUserCode { get; } = actor.RunsUserCode;

    /// <summary>Its name; of a body, whose it is.</summary>
    internal string Title => actor is SimulatedBody body ? body.ToString() : name;

    /// <summary>The thread whose call its next turn goes on with, or whose body it is; 0: no thread's that is known.</summary>
    internal int NextTid => actor is SimulatedBody body ? body.LastCaller?.Thread?.Tid ?? 0
        : _mailbox.First is { } next ? HeldCall.ThreadOf(next)?.Tid ?? 0 : 0;

    /// <summary>Its place among those that have something to do, or -1; owned by the engine.</summary>
    internal int ReadySlot { get; set; } = -1;

    /// <summary>Since when it has something to do: more for who began later; owned by the engine.</summary>
    internal long ReadySince { get; set; }

    /// <summary>Its priority, 0 as long as it has none; owned by the scheduler.</summary>
    internal long Priority { get; set; }

    /// <summary>Its place among the living, or -1; owned by the engine.</summary>
    internal int LivingSlot { get; set; } = -1;

    public override void Tell(Message message, Rank rank)
    {
        Address(message, rank);
        engine.Deliver(this, message);
    }

    /// <inheritdoc/>
    internal override void TellFrom(Actor sender, Message message, Rank rank)
    {
        Address(message, rank);
        // A turn is running, so this is the engine's thread.
        if (ReferenceEquals(sender.Engine, engine))
            Enqueue(message);
        else
            engine.Deliver(this, message);
    }

    /// <inheritdoc/>
    internal override bool HandOn(Actor sender, Message message, Rank rank)
    {
        Address(message, rank);
        if (ReferenceEquals(sender.Engine, engine))
            return engine.HandOn(this, message);
        engine.Deliver(this, message);
        return false;
    }

    /// <inheritdoc/>
    internal override bool IsNext(Rank rank) => _mailbox.First is not { } first || first.Rank > rank;

    /// <summary>Whether a message that comes now would be what it handles next; never of an actor whose turns have to be looked after.</summary>
    internal bool HasNothingBefore(Message message) => !RunsUserCode && !_isStopAsked && IsNext(message.Rank);

    private void Address(Message message, Rank rank)
    {
        if (message.Target is not null)
            throw new InvalidOperationException($"The message is already in a mailbox, that of {message.Target}: it was given away.");
        message.Rank = rank;
        message.Target = this;
    }

    /// <summary>Queues a message; on the engine's thread.</summary>
    internal void Enqueue(Message message)
    {
        engine.Sent++;
        _mailbox.Enqueue(message);
        if (engine.Held is { } held)
        {
            foreach (HeldCall call in held)
                call.Came(this, message);
        }
        if (ReadySlot < 0 || engine.Held is not null)
            GoOn();
    }

    /// <summary>Takes turns, or none as long as what it would handle next is held; on the engine's thread.</summary>
    internal void GoOn()
    {
        if (IsHeldUp || (_mailbox.IsEmpty && (!_isStopAsked || _isStopped)))
            engine.MakeUnready(this);
        else
            engine.MakeReady(this);
    }

    /// <summary>Asks for the last turn; on the engine's thread.</summary>
    internal void StopSoon(UndeliverableReason reason)
    {
        if (_isStopAsked)
            return;
        _isStopAsked = true;
        _reason = reason;
        engine.MakeReady(this);
    }

    /// <summary>Handles one message, gives one back, or stops.</summary>
    internal void TakeTurn()
    {
        if (_isStopAsked && !_isStopped)
        {
            engine.Log?.Turn(engine.Turns, engine.MonotonicNs, Name, "stop");
            Finish(null);
            return;
        }
        Message message = _mailbox.Dequeue();
        message.Target = null;
        engine.CurrentMessage = message;
        engine.Log?.Turn(engine.Turns, engine.MonotonicNs, Name, Describe.Queued(message));
        GoOn();
        if (_isStopped)
            GiveBack(message);
        else
            Handle(message);
    }

    /// <summary>Handles a message that has nothing before it, within the turn that ended with it.</summary>
    /// <returns>Whether it was answered.</returns>
    internal bool TakeTurnAtOnce(Message message)
    {
        message.Target = null;
        engine.CurrentMessage = message;
        engine.Log?.Turn(engine.Turns, engine.MonotonicNs, Name, Describe.Queued(message));
        engine.Handled++;
        return Receive(message, mayAnswer: true);
    }

    // A stopped actor gives back what it has: nothing is held there.
    private bool IsHeldUp => !_isStopAsked && engine.Held is not null && _mailbox.First is { } first && engine.IsHeld(first);

    private void Handle(Message message)
    {
        engine.Handled++;
        // One that was disarmed meanwhile, or armed for later, is handled by that.
        if (message is ActorTimer timer && !engine.TakeExpired(timer))
            return;
        Receive(message, mayAnswer: false);
    }

    private bool Receive(Message message, bool mayAnswer)
    {
        bool isAnswered = false;
        try
        {
            if (mayAnswer)
                isAnswered = actor.ReceiveOrAnswer(message);
            else
                actor.Receive(message);
        }
        catch (Exception e)
        {
            Finish(e);
            return false;
        }
        if (_isStopAsked)
            Finish(null);
        return isAnswered;
    }

    private void GiveBack(Message message)
    {
        engine.GivenBack++;
        if (message is ActorTimer timer)
            timer.IsQueued = false;
        try
        {
            message.Undeliverable(_reason);
        }
        catch (Exception e)
        {
            engine.Unhandled(e);
        }
    }

    private void Finish(Exception? cause)
    {
        _isStopAsked = true;
        _isStopped = true;
        try
        {
            actor.Stopped();
        }
        catch (Exception e)
        {
            cause ??= e;
        }
        if (cause is not null)
        {
            _reason = UndeliverableReason.Failed;
            engine.Failed(this, cause);
            supervisor?.Tell(new ActorFailed(this, cause), Rank.Head);
        }
        engine.Forget(this);
        if (_mailbox.IsEmpty)
            engine.MakeUnready(this);
    }
}
