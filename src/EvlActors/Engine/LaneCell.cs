using System.Runtime.CompilerServices;
using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>One actor in its lane: its mailbox, its place in the run queue, and its end.</summary>
internal sealed class LaneCell(in SpawnOptions options, Actor actor, Lane lane) : ActorRef
{
    internal const int NotReady = -1;

    // Owned by the lane's owner.
    internal Mailbox Mailbox;
    internal LaneCell? NextReady;
    internal LaneCell? PreviousReady;
    internal int ReadyLevel = NotReady;

    // The lane's other cells; guarded by its lock.
    internal LaneCell? NextCell;
    internal LaneCell? PreviousCell;

    private const int NoStop = -1;
    private int _stop = NoStop; // the reason of the first stop that was asked for; any thread
    private bool _runsUnwatched = !actor.RunsUserCode; // any thread
    private bool _ended; // owned by the lane's owner, as is _reason
    private UndeliverableReason _reason;

    private readonly string _name = options.Name;
    private readonly long _nameNumber = options.Number;
    private readonly ActorRef? _supervisor = options.Supervisor;

    public override string Name => SpawnOptions.NameOf(_name, _nameNumber);

    internal Lane Lane { get; } = lane;

    internal Actor Actor { get; } = actor;

    internal override object Behind => Actor;

    /// <summary>Which of the lane's cells it is; given when it is added.</summary>
    internal long Number { get; set; }

    /// <summary>Whether its turns run code that is not the machine's own.</summary>
    internal bool RunsUserCode { get; } = actor.RunsUserCode;

    /// <summary>Whether a message is the actor's and nothing else has to be seen to: its turns run the machine's own code, and
    /// nobody has told it to stop.</summary>
    internal bool RunsUnwatched => Volatile.Read(ref _runsUnwatched);

    /// <summary>Whether it was told to stop and has not had its last turn yet.</summary>
    internal bool IsStopPending => Volatile.Read(ref _stop) != NoStop && !_ended;

    public override void Tell(Message message, Rank rank)
    {
        message.Rank = rank;
        if (ReferenceEquals(OsThread.CurrentLane, Lane))
            Lane.Accept(this, message);
        else
            Lane.Post(this, message);
    }

    internal override void TellFrom(Actor sender, Message message, Rank rank)
    {
        message.Rank = rank;
        if (ReferenceEquals(sender.Pool, Lane.Pool))
            Lane.Accept(this, message);
        else
            Lane.PostFrom(((LaneCell)sender.Self).Lane, this, message);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool HandOn(Actor sender, Message message, Rank rank)
    {
        message.Rank = rank;
        if (ReferenceEquals(sender.Pool, Lane.Pool))
            return Lane.HandOn(this, message);
        Lane.PostFrom(((LaneCell)sender.Self).Lane, this, message);
        return false;
    }

    internal override bool IsNext(Rank rank) => Lane.IsNext(rank.Level);

    /// <summary>Asks for the actor's last turn. Any thread; the first request counts.</summary>
    internal void RequestStop(UndeliverableReason reason)
    {
        if (Interlocked.CompareExchange(ref _stop, (int)reason, NoStop) != NoStop)
            return;
        Volatile.Write(ref _runsUnwatched, false);
        if (!ReferenceEquals(OsThread.CurrentLane, Lane))
            Lane.Post(new StopSignal(this));
        else if (IsStopPending)
            Lane.MakeReady(this);
    }

    /// <summary>One turn. In the lane.</summary>
    internal void Handle(Message message)
    {
        if (_ended)
        {
            GiveBack(message, _reason);
            return;
        }
        if (message is ActorTimer timer && !TimerIsStillWanted(timer))
            return;
        Lane.Run(this, message);
    }

    /// <summary>The last turn of an actor that was told to stop. In the lane.</summary>
    internal void Stop() => End((UndeliverableReason)_stop);

    // Disarmed, or armed again for a later date, after it had been queued: not delivered now.
    private static bool TimerIsStillWanted(ActorTimer timer)
    {
        timer.IsQueued = false;
        if (!timer.IsArmed || timer.HeapIndex >= 0)
            return false;
        timer.IsArmed = false;
        return true;
    }

    /// <summary>Ends the actor, whose turn has thrown. In the lane.</summary>
    internal void Fail(Exception cause)
    {
        End(UndeliverableReason.Failed);
        if (_supervisor is null)
            Lane.Log.ActorFailedUnsupervised(cause, Name);
        else
            _supervisor.Tell(new ActorFailed(this, cause), Rank.Head);
    }

    private void End(UndeliverableReason reason)
    {
        _ended = true;
        _runsUnwatched = false;
        _reason = reason;
        Lane.QueueNext();
        // Only what is queued now: what the callbacks send here is a turn of its own, later.
        Mailbox queued = Mailbox;
        Mailbox = default;
        Lane.Unready(this);
        try
        {
            Actor.Stopped();
        }
        catch (Exception cause)
        {
            Lane.Log.StoppedThrew(cause, Name);
        }
        while (!queued.IsEmpty)
            GiveBack(Lane.Dequeue(ref queued), reason);
        Lane.Remove(this);
    }

    private void GiveBack(Message message, UndeliverableReason reason)
    {
        if (message is ActorTimer timer)
            timer.IsQueued = false;
        try
        {
            message.Undeliverable(reason);
        }
        catch (Exception cause)
        {
            Lane.Log.UndeliverableThrew(cause, message.GetType().Name, Name);
        }
    }
}
