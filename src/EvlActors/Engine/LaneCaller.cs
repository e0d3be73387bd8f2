using System.Threading.Tasks.Sources;
using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>
/// The door of one outside caller. Its own thread runs the lane that its message enters, if that lane is free and the thread may
/// own it, and follows the message from lane to lane; where it can't, it parks or returns.
/// </summary>
/// <remarks>
/// Nobody is stranded. A parked caller leaves for three reasons: it was answered, the engine is gone, or it was handed a lane.
/// <see cref="Answer"/> and the dispose store their fact, then look whether it is parked; it parks, then looks for their facts
/// (both sides with a full fence between). It is handed a lane by one compare-and-swap on <see cref="_parking"/>, which it
/// empties by an exchange when it leaves, so a lane handed at the last moment is seen and still run.
/// </remarks>
internal sealed class LaneCaller(PriorityEngine engine, int realTimePriority) : Caller, IThreadPoolWorkItem
{
    // About two microseconds: shorter than any sleep, long enough for a short turn on another CPU.
    private const int SpinRounds = 20;
    private const int SpinsPerRound = 10;

    // What a sleep and its wake-up cost, and a little more. A real-time thread whose last wait was shorter than that, for an
    // answer of another thread that is just as busy, waits for the next one awake.
    private const long ShortWaitNs = 50_000;

    // Where the entry stands. A number: to exchange a reference costs a barrier of the garbage collector too.
    private const int Idle = 0;
    private const int InFlight = 1;
    private const int Awaited = 2; // in flight, and the continuation is set
    private const int Answered = 3;

    private static readonly object s_parked = new();
    private static readonly int s_spinRounds = Environment.ProcessorCount > 1 ? SpinRounds : 0;

    private readonly Parker _parker = Parker.Create();

    private int _entry = Idle;

    // Null (not parked), parked, or the lane that it was handed while parked.
    private object? _parking;
    private bool _lastWaitWasShort; // touched by the calling thread alone
    private bool _parkedIsRealTime; // of the thread that is parked; written before it parks

    // The continuation and what belongs to it; written before _entry says that there is one.
    private Action<object?>? _continuation;
    private object? _continuationState;
    private object? _schedulingContext;
    private ExecutionContext? _executionContext;

    public override bool IsAnswered => Volatile.Read(ref _entry) == Answered;

    public override void Enter(ActorRef target, Message message, Rank rank)
    {
        LaneCell cell = Begin(target, message, rank);
        OsThread thread = OsThread.Current;
        if (thread.Lane is not null)
        {
            cell.Tell(message, rank);
            return;
        }
        for (Lane? lane = Deliver(cell, message, thread, mayBlock: false); lane is not null;)
            lane = Taken(lane.RunFor(this), thread, mayBlock: false);
    }

    public override void EnterAndWait(ActorRef target, Message message, Rank rank)
    {
        OsThread thread = OsThread.Current;
        if (thread.Lane is { } current)
        {
            throw new InvalidOperationException(
                $"A blocking call was made in a turn of lane '{current.Name}': it would wait for itself. " +
                "Send a message, or make the call from a thread of your own.");
        }
        LaneCell cell = Begin(target, message, rank);
        RunUntilAnswered(Deliver(cell, message, thread, mayBlock: true), thread);
    }

    public override void Answer() => AnswerIn(OsThread.CurrentLane);

    internal override void AnswerFrom(Actor sender) => AnswerIn(((LaneCell)sender.Self).Lane);

    private void AnswerIn(Lane? lane)
    {
        // By the caller's own thread, in the middle of its entry: it is not parked, and nobody awaits the entry yet.
        if (lane is not null && lane.IsRunFor(this))
        {
            if (_entry != InFlight)
                throw NotInFlight();
            Volatile.Write(ref _entry, Answered);
            return;
        }
        switch (Interlocked.Exchange(ref _entry, Answered))
        {
            case InFlight:
                // The caller may have begun its next entry by now: a wake too many does no harm.
                if (Volatile.Read(ref _parking) is not null)
                    _parker.Wake();
                break;
            case Awaited:
                QueueContinuation();
                break;
            default:
                throw NotInFlight();
        }
    }

    public override void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if (Volatile.Read(ref _entry) is not (InFlight or Answered))
            throw new InvalidOperationException("The caller has no entry to await, or its entry is awaited already.");
        _continuation = continuation;
        _continuationState = state;
        _schedulingContext = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0 ? CaptureScheduling() : null;
        _executionContext =
            (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0 ? ExecutionContext.Capture() : null;
        if (Interlocked.CompareExchange(ref _entry, Awaited, InFlight) != InFlight)
            QueueContinuation(); // answered before it was awaited, or just now
    }

    /// <summary>Runs the continuation; by the thread pool.</summary>
    public void Execute()
    {
        Action<object?> continuation = _continuation!; // set before it was queued
        object? state = _continuationState;
        ExecutionContext? execution = _executionContext;
        // The continuation may make the next entry: the fields are free before it runs.
        _continuation = null;
        _continuationState = null;
        _schedulingContext = null;
        _executionContext = null;
        if (execution is null)
            continuation(state);
        else
            ExecutionContext.Run(execution, new ContextCallback(continuation), state);
    }

    /// <summary>Whether the calling thread, which is named because it is at hand, may own the lane.</summary>
    internal bool MayOwn(Lane lane, OsThread thread) => lane.AnyThreadMayOwn || IsRealTime(thread);

    /// <summary>Hands a lane in which this caller's call goes on to the thread that is parked here. Any thread.</summary>
    /// <returns>False if none is parked that may own the lane and was handed no other.</returns>
    internal bool TryHand(Lane lane)
    {
        if (!ReferenceEquals(Volatile.Read(ref _parking), s_parked) || !(lane.AnyThreadMayOwn || _parkedIsRealTime))
            return false;
        if (!ReferenceEquals(Interlocked.CompareExchange(ref _parking, lane, s_parked), s_parked))
            return false;
        _parker.Wake();
        return true;
    }

    /// <summary>Has a parked thread see that the engine is gone.</summary>
    internal void WakeForDispose() => _parker.Wake();

    private static InvalidOperationException NotInFlight() => new("The caller has no entry in flight: an entry is answered once.");

    private static object? CaptureScheduling()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is not null && context.GetType() != typeof(SynchronizationContext))
            return context;
        TaskScheduler scheduler = TaskScheduler.Current;
        return ReferenceEquals(scheduler, TaskScheduler.Default) ? null : scheduler;
    }

    private LaneCell Begin(ActorRef target, Message message, Rank rank)
    {
        var cell = target as LaneCell ?? throw new ArgumentException("The actor belongs to another engine.", nameof(target));
        if (Volatile.Read(ref _entry) is InFlight or Awaited)
        {
            throw new InvalidOperationException(
                "The last entry has not been answered: a caller makes one call at a time. Create a second caller for a second call.");
        }
        // Before the message goes out, which is a full fence or the turns of this thread.
        Volatile.Write(ref _entry, InFlight);
        if (!ReferenceEquals(message.Caller, this))
            message.Caller = this;
        message.Rank = rank;
        return cell;
    }

    /// <summary>Brings the message to its lane, and runs that if this thread can own it.</summary>
    /// <returns>The lane where the call has gone on to, now owned by this thread; null: there is none, or others run it.</returns>
    private Lane? Deliver(LaneCell cell, Message message, OsThread thread, bool mayBlock)
    {
        Lane lane = cell.Lane;
        if (!MayOwn(lane, thread))
        {
            lane.Post(cell, message);
            return null;
        }
        bool blocks = mayBlock && lane.Inherits;
        // Who would park tries for a while first, in either lane: an owner is mostly in the middle of a short call of its own, and to
        // have it run this one too means two threads that hand their caches to and fro (8 threads on one lane: a quarter of the time).
        if (lane.TryTake(thread) || (mayBlock && lane.TryTakeSoon(thread)))
            return Taken(lane.RunFor(this, cell, message), thread, mayBlock);
        if (blocks)
        {
            // Sent first: the owner may answer it before it lets go.
            lane.PostAhead(cell, message);
            lane.Take(thread);
            return Taken(lane.RunFor(this), thread, mayBlock);
        }
        lane.Post(cell, message);
        return null;
    }

    private static Lane? Taken(Lane? next, OsThread thread, bool mayBlock) =>
        next is not null && (ReferenceEquals(thread.Lane, next) || TryTake(next, thread, mayBlock)) ? next : null;

    // If it can't be taken, somebody owns it, who takes in the call that went there, or finds it at its release.
    private static bool TryTake(Lane lane, OsThread thread, bool mayBlock)
    {
        if (lane.TryTake(thread))
            return true;
        if (!mayBlock || !lane.Inherits)
            return false;
        if (!lane.TryTakeSoon(thread))
            lane.Take(thread);
        return true;
    }

    private void RunUntilAnswered(Lane? lane, OsThread thread)
    {
        while (true)
        {
            while (lane is not null)
                lane = Taken(lane.RunFor(this), thread, mayBlock: true);
            if (IsAnswered)
                return;
            ObjectDisposedException.ThrowIf(engine.IsGone, engine);
            if (Park(thread) is { } handed && TryTake(handed, thread, mayBlock: true))
                lane = handed;
        }
    }

    /// <summary>Sleeps until there is a reason to look.</summary>
    /// <returns>A lane that this thread was handed and has to try to take.</returns>
    private Lane? Park(OsThread thread)
    {
        bool isRealTime = IsRealTime(thread);
        long beganNs = isRealTime ? MonotonicClock.NowNs : 0;
        bool isLong = isRealTime && _lastWaitWasShort;
        for (int round = 0; round < s_spinRounds || (isLong && s_spinRounds > 0 && MonotonicClock.NowNs - beganNs < ShortWaitNs); round++)
        {
            if (IsAnswered)
                return null;
            Thread.SpinWait(SpinsPerRound);
        }
        _parkedIsRealTime = isRealTime;
        Interlocked.Exchange(ref _parking, s_parked);
        while (!IsAnswered && !engine.IsGone && ReferenceEquals(Volatile.Read(ref _parking), s_parked))
            _parker.Wait();
        _lastWaitWasShort = isRealTime && MonotonicClock.NowNs - beganNs < ShortWaitNs;
        return Interlocked.Exchange(ref _parking, null) as Lane;
    }

    // The system is not asked about the thread of a caller that was not created for a real-time one.
    private bool IsRealTime(OsThread thread) => realTimePriority > 0 ? thread.IsRealTime : thread.IsKnownRealTime;

    private void QueueContinuation()
    {
        switch (_schedulingContext)
        {
            case null:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            case SynchronizationContext context:
                context.Post(static caller => ((LaneCaller)caller!).Execute(), this);
                break;
            case TaskScheduler scheduler:
                Task.Factory.StartNew(
                    static caller => ((LaneCaller)caller!).Execute(),
                    this,
                    CancellationToken.None,
                    TaskCreationOptions.DenyChildAttach,
                    scheduler);
                break;
        }
    }
}
