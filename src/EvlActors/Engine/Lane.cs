using System.Runtime.CompilerServices;
using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors.Engine;

/// <summary>
/// Where actors run, one at a time. Whichever thread owns the lane runs it: a caller, its worker, or, for an own lane whose
/// actors have all stopped, a thread of the pool. Everything but the inbox, the owner word and the two dates is touched by the
/// owner alone, without atomics.
/// </summary>
/// <remarks>
/// No message is stranded. Whoever posts pushes to the inbox, then reads the owner word; an owner frees the word, then reads
/// the inbox; a full fence lies between the two steps of both (the push and the release are interlocked operations). So either
/// the poster sees the lane free and wakes somebody, or the owner sees the message and does. The same holds for the two dates:
/// an owner stores the next date, frees the word and reads the date until which the worker sleeps; the worker stores that date,
/// then reads the word and the next date. Who puts a wake off (<see cref="PendingWake"/>) owns a lane, and sees to it at the latest
/// when it releases that; who leaves a lane to run another one first comes back for what is there.
/// <para>
/// A thread owns one lane, or two for the length of one turn of the machine's own code: that in which the turn runs, and that
/// to which it has sent the call that the thread follows (<see cref="TryBring"/>). The second is taken only if it is free, never
/// waited for, so no two threads wait for each other.
/// </para>
/// </remarks>
internal sealed class Lane : IThreadPoolWorkItem
{
    // How many turns of other callers a caller runs while its own call is not answered: behind them it may be its turn, but it
    // may as well be asleep, and then its thread is not there to run everybody else.
    private const int TurnsForOthers = 64;

    // How many turns a caller runs after its own call has ended: they are cheap, waking the worker is not.
    private const int TurnsOfLeftovers = 16;

    // How many turns begin where the one before has handed its message on, until what came in from outside is looked at: each is
    // deeper in the stack.
    private const int TurnsInARow = 16;

    // How many turns go before an answer that is there already: two for each sleeper that the call has woken.
    private const int TurnsBeforeAnAnswer = 4;

    // How often a worker looks at the clock while it has turns to run.
    private const int TurnsPerClockRead = 8;

    private readonly PriorityEngine _engine;
    private readonly OwnerWord _owner;
    private readonly TimerHeap _timers = new();
    private readonly TimerSignal _timerSignal = new();
    private readonly bool _isOwn;

    private readonly Lock _lifetime = new(); // guards the cells and the worker; never held while anything runs
    private CellList _cells;
    private long _lastNumber;
    private bool _isClosed;
    private LaneWorker? _worker; // also read without the lock, by whoever wakes it

    private Inbox _inbox;
    private RunQueue _ready = new();
    // The message that goes next, ahead of everything in _ready and not in its actor's mailbox; there is one if it has a level. What
    // was next stays here after its turn: mostly it is the same call that goes next, and need not be stored again.
    private int _nextLevel = RunQueue.NoLevel;
    private Message? _nextMessage;
    private LaneCell? _nextCell;
    private HoldUpWatch _inBandWork;
    private OsThread _thread = null!; // that owns the lane, or did last; set when it is taken
    private CallingContext _context; // of that thread
    private bool _turnRunsUserCode;
    private int _turnsLeftInARow; // 0 where each turn goes through the queue
    private long _turnOf; // the number of the cell whose turn runs, which is less to store than the cell
    private SteadyRef<LaneCaller> _runningFor; // the caller whose thread owns the lane, or did last
    private Lane? _follow; // where that caller's call has gone
    private bool _ownsFollow; // whether that lane was taken already
    private bool _mayOwnFollow; // whether it may be
    private PendingWake _wake; // of a lane that this one sent to
    private long _ownerships;
    private int _timerSignalPosted;
    private long _nextDueNs = long.MaxValue; // written by the owner
    private long _workerSleepsUntilNs = long.MinValue; // written by the worker; the minimum while it is awake

    internal Lane(PriorityEngine engine, string name, bool isOob, bool isOwn)
    {
        _engine = engine;
        _isOwn = isOwn;
        Name = name;
        IsOob = isOob;
        AnyThreadMayOwn = !isOob || !engine.RealTimeGranted;
        _inBandWork = new HoldUpWatch((long)engine.Options.InBandHoldUpLimit.TotalNanoseconds);
        _owner = new OwnerWord(inherits: !AnyThreadMayOwn && engine.Options.InheritPriority);
    }

    internal string Name { get; }

    /// <summary>Whether the rules of the oob lane apply.</summary>
    internal bool IsOob { get; }

    /// <summary>Whether it is any thread's to run, or that of threads under SCHED_FIFO or SCHED_RR only.</summary>
    internal bool AnyThreadMayOwn { get; }

    /// <summary>Whether a thread that may own the lane may block for it, lending its priority to the owner.</summary>
    internal bool Inherits => _owner.Inherits;

    internal LanePool Pool { get; } = new();

    internal ILogger Log => _engine.Log;

    private bool HasNext => _nextLevel != RunQueue.NoLevel;

    private int FirstLevel => HasNext ? _nextLevel : _ready.FirstLevel;

    private bool IsIdle => !HasNext && _ready.IsEmpty;

    /// <summary>Adds an actor. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">The engine is being disposed of.</exception>
    internal void Add(LaneCell cell)
    {
        lock (_lifetime)
        {
            ObjectDisposedException.ThrowIf(_isClosed, _engine);
            _cells.Add(cell);
            cell.Number = ++_lastNumber;
            StartWorkerIfNone();
        }
    }

    /// <summary>Removes an actor that has had its last turn; the worker of an own lane ends with the last one.</summary>
    internal void Remove(LaneCell cell)
    {
        lock (_lifetime)
        {
            _cells.Remove(cell);
            if (_cells.IsEmpty && (_isOwn || _isClosed))
                _worker?.Wake();
        }
    }

    internal void StartWorkerIfNone()
    {
        lock (_lifetime)
        {
            if (_worker is null)
                Volatile.Write(ref _worker, new LaneWorker(this, _engine));
        }
    }

    /// <summary>Refuses new actors and stops those there are.</summary>
    /// <returns>Completes when the lane's worker has ended.</returns>
    internal Task Close()
    {
        LaneWorker? worker;
        lock (_lifetime)
        {
            _isClosed = true;
            worker = _worker;
        }
        Post(new CloseSignal());
        // It may be asleep in a lane that has no actors.
        worker?.Wake();
        return worker?.Ended ?? Task.CompletedTask;
    }

    internal void StopAll()
    {
        List<LaneCell> cells;
        lock (_lifetime)
            cells = _cells.All();
        foreach (LaneCell cell in cells)
            cell.RequestStop(UndeliverableReason.EngineDisposed);
    }

    /// <summary>Puts a message into a mailbox. By the owner.</summary>
    /// <remarks>
    /// A message that ranks above everything that waits here is the next to be handled, whatever queues it passes through: it
    /// passes through none. While there is such a message nothing that waits ranks as high, so it can be queued after all
    /// when something comes that goes before it or with it, and keeps its place in its mailbox and in the run queue.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Accept(LaneCell cell, Message message)
    {
        int level = message.Rank.Level;
        if (level <= _nextLevel)
        {
            QueueNext();
            if (level < _ready.FirstLevel)
            {
                SetNext(cell, message, level);
                return;
            }
        }
        Enqueue(cell, message, level);
    }

    /// <summary>Whether a message of that level would be the next to be handled. By the owner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsNext(int level) => level < _nextLevel && level < _ready.FirstLevel;

    /// <summary>Begins the turn of a message that the turn before has ended with, if it is the next to be handled anyway. By the owner.</summary>
    /// <remarks>What came in from outside since the last look is not ahead of it: nobody can have been told of that yet.</remarks>
    /// <returns>Whether that turn has answered it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HandOn(LaneCell cell, Message message)
    {
        if (_turnsLeftInARow > 0 && IsNext(message.Rank.Level) && cell.RunsUnwatched)
        {
            _turnsLeftInARow--;
            long sender = _turnOf;
            _turnOf = cell.Number;
            bool isAnswered = cell.Actor.ReceiveOrAnswer(message);
            if (isAnswered && HasNext)
                RunBefore(message.Rank.Level);
            _turnOf = sender;
            return isAnswered;
        }
        Accept(cell, message);
        return false;
    }

    // What the turn that has answered made more urgent than the answer goes first: here, if it is the machine's own and short, between
    // two turns of whoever takes the answer; else the answer goes by a message.
    private void RunBefore(int level)
    {
        for (int turns = 0; turns < TurnsBeforeAnAnswer && _nextLevel <= level && _turnsLeftInARow > 0 && !_ownsFollow; turns++)
        {
            if (!_nextCell!.RunsUnwatched) // set with the level
                return;
            _nextLevel = RunQueue.NoLevel;
            _turnsLeftInARow--;
            Run(_nextCell, _nextMessage!); // set with the level
        }
    }

    /// <summary>Runs a turn, and those that come of it at once. By the owner.</summary>
    internal void Run(LaneCell cell, Message message)
    {
        _turnOf = cell.Number;
        try
        {
            cell.Actor.Receive(message);
        }
        catch (Exception cause)
        {
            CellOfTurn().Fail(cause);
        }
    }

    /// <summary>Has the message that is next wait in its mailbox like all others. By the owner.</summary>
    internal void QueueNext()
    {
        if (!HasNext)
            return;
        int level = _nextLevel;
        _nextLevel = RunQueue.NoLevel;
        Enqueue(_nextCell!, _nextMessage!, level); // set with the level
    }

    /// <summary>Lets an actor that was told to stop have its last turn next. By the owner.</summary>
    internal void MakeReady(LaneCell cell)
    {
        QueueNext();
        _ready.Add(cell, 0);
    }

    /// <summary>Takes a message out of a mailbox. By the owner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Message Dequeue(ref Mailbox mailbox)
    {
        Message message = mailbox.Dequeue();
        if (message.Rank.Level == Rank.Levels - 1)
            _inBandWork.Taken();
        return message;
    }

    internal void Unready(LaneCell cell)
    {
        if (cell.ReadyLevel != LaneCell.NotReady)
            _ready.Remove(cell);
    }

    /// <summary>Sends a message from outside the lane, and sees to it that somebody runs it.</summary>
    internal void Post(LaneCell cell, Message message) => PostFrom(OsThread.CurrentLane, cell, message);

    /// <summary>Sends a message from a turn of another lane, or from outside all of them.</summary>
    internal void PostFrom(Lane? here, LaneCell cell, Message message)
    {
        // Read first: once pushed the message belongs to whoever runs the lane.
        var caller = message.Caller as LaneCaller;
        if (here is not null && here.TryBring(this, cell, message, caller))
            return;
        message.Target = cell;
        _inbox.Push(message);
        if (here is null || !here.TryDefer(this, caller))
            WakeFor(caller);
    }

    internal void Post(LaneSignal signal)
    {
        _inbox.Push(signal);
        if (_owner.IsFree)
            WakeWorker();
    }

    /// <summary>Sends a message to a lane that the calling thread is about to <see cref="Take"/>.</summary>
    internal void PostAhead(LaneCell cell, Message message)
    {
        message.Target = cell;
        _inbox.Push(message);
    }

    internal bool TryTake(OsThread thread)
    {
        if (!_owner.TryTake(thread))
            return false;
        Begin(thread);
        return true;
    }

    /// <summary>Tries for about two microseconds. For a thread that would block otherwise.</summary>
    internal bool TryTakeSoon(OsThread thread)
    {
        if (!_owner.TryTakeSoon(thread))
            return false;
        Begin(thread);
        return true;
    }

    /// <summary>Blocks until the calling thread owns the lane. Only where it <see cref="Inherits"/>.</summary>
    internal void Take(OsThread thread)
    {
        _owner.Take(thread);
        Begin(thread);
    }

    /// <summary>Whether the calling thread, which owns the lane, runs it for that caller.</summary>
    internal bool IsRunFor(LaneCaller caller) => ReferenceEquals(_runningFor.Value, caller);

    /// <summary>Wakes somebody to run what was posted, if nobody does: the caller of a message of it, or the worker.</summary>
    internal void WakeFor(LaneCaller? caller)
    {
        // Whoever owns the lane takes the messages in now or finds them when it releases; if there are none, somebody has.
        if (!_owner.IsFree || _inbox.IsEmpty)
            return;
        // A parked caller that is handed the lane tries to take it. If it can't, another thread owns the lane by then.
        if (caller is null || !caller.TryHand(this))
            WakeWorker();
    }

    /// <summary>Takes a caller's message in, behind whatever was sent here before, and then does as <see cref="RunFor(LaneCaller)"/>.</summary>
    internal Lane? RunFor(LaneCaller caller, LaneCell cell, Message message)
    {
        _runningFor.Set(caller);
        _mayOwnFollow = true;
        TakeIn();
        if (IsNext(message.Rank.Level) && cell.RunsUnwatched)
        {
            _turnRunsUserCode = false;
            _turnsLeftInARow = TurnsInARow;
            Run(cell, message);
        }
        else
        {
            Accept(cell, message);
        }
        if (!caller.IsAnswered)
            GoOnFor(caller);
        return ReleaseFor(caller);
    }

    /// <summary>
    /// Runs turns until the caller's call is answered, has gone to another lane or does not come up within a bounded number of
    /// turns, then releases the lane. By the owner.
    /// </summary>
    /// <returns>The lane where the call has gone, if the caller is to follow it there. It may be the caller's thread's already:
    /// see <see cref="OsThread.Lane"/>.</returns>
    internal Lane? RunFor(LaneCaller caller)
    {
        _runningFor.Set(caller);
        _mayOwnFollow = true;
        GoOnFor(caller);
        return ReleaseFor(caller);
    }

    // On its own: most entries are answered by their first turn.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GoOnFor(LaneCaller caller)
    {
        int forOthers = 0;
        while (forOthers < TurnsForOthers)
        {
            RunNextOf(caller);
            // Or nothing is left here: who may have to be seen to elsewhere is, when the lane is released.
            if (caller.IsAnswered || (IsIdle && _inbox.IsEmpty))
                break;
            if (_follow is not null || _wake.IsPending)
            {
                // A call may be many messages, a poll's questions: all that are here go first, and their lane waits meanwhile.
                if (IsNextOf(caller))
                    LeaveFollow();
                else if (_follow is not null)
                    break;
                else
                    _wake.Do();
            }
            if (!TryRunNext(out Caller? whose))
                break;
            if (!ReferenceEquals(whose, caller))
                forOthers++;
        }
    }

    // Asked for when a turn has thrown.
    private LaneCell CellOfTurn()
    {
        lock (_lifetime)
            return _cells.All().Find(cell => cell.Number == _turnOf)!;
    }

    /// <summary>The worker's part: expires timers and runs turns until nothing is left to do.</summary>
    internal void Serve()
    {
        OsThread thread = OsThread.Current;
        do
        {
            if (!TryTake(thread))
            {
                if (!Inherits)
                {
                    TellOwnerOfTimers();
                    if (!_owner.IsFree)
                        return;
                    continue;
                }
                Take(thread);
            }
            try
            {
                RunAll();
            }
            finally
            {
                Release();
            }
        }
        while (_owner.IsFree && !_inbox.IsEmpty);
    }

    /// <summary>Called by the worker when it has nothing to do.</summary>
    /// <returns>Until when it may sleep.</returns>
    internal long BeginSleep()
    {
        // Timers that the owner was told of are its business; when it releases it wakes the worker for those that are left.
        long due = Volatile.Read(ref _timerSignalPosted) != 0 ? long.MaxValue : Volatile.Read(ref _nextDueNs);
        Interlocked.Exchange(ref _workerSleepsUntilNs, due);
        return _owner.IsFree && Volatile.Read(ref _nextDueNs) < due ? long.MinValue : due;
    }

    internal void EndSleep() => Volatile.Write(ref _workerSleepsUntilNs, long.MinValue);

    /// <summary>Asked by the worker: whether it is to end because the lane has no actors any more.</summary>
    internal bool TryEnd()
    {
        if (!_isOwn && !Volatile.Read(ref _isClosed))
            return false;
        lock (_lifetime)
        {
            if (!_cells.IsEmpty)
                return false;
            Interlocked.Exchange(ref _worker, null);
        }
        // Who woke this worker while it could still be seen is served by this last round; who posts from now on sees that
        // there is no worker. An owner that is there now will see it too, when it releases.
        Execute();
        return true;
    }

    /// <summary>Runs a lane that has no worker, in the thread pool or while the engine is disposed of.</summary>
    public void Execute()
    {
        long lastSeen = 0;
        TryRunAll(ref lastSeen);
    }

    /// <summary>Runs everything there is to run, if the lane is free.</summary>
    /// <param name="lastSeen">What the last call left there; 0 at first.</param>
    /// <returns>Whether it had nothing to run and nobody has owned it since the last call.</returns>
    internal bool TryRunAll(ref long lastSeen)
    {
        if (!TryTake(OsThread.Current))
            return false;
        bool wasIdle = _inbox.IsEmpty && IsIdle && _ownerships == lastSeen + 1;
        lastSeen = _ownerships;
        RunAll();
        Release();
        return wasIdle;
    }

    /// <summary>Arms a timer. By the owner; the worker hears of an earlier date when the lane is released.</summary>
    internal void Arm(ActorTimer timer, long dueNs)
    {
        timer.IsArmed = true;
        _timers.Set(timer, dueNs);
        Volatile.Write(ref _nextDueNs, _timers.NextDueNs);
        // Due at once: with all that are due by now, in the order of their dates.
        if (dueNs <= MonotonicClock.NowNs)
            ExpireTimers();
    }

    internal void Disarm(ActorTimer timer)
    {
        timer.IsArmed = false;
        _timers.Remove(timer);
        Volatile.Write(ref _nextDueNs, _timers.NextDueNs);
    }

    /// <summary>The worker says that a date has come. By the owner, which holds the signal now: it may be posted again.</summary>
    internal void ExpireTimersAsTold()
    {
        Volatile.Write(ref _timerSignalPosted, 0);
        ExpireTimers();
    }

    // Sends the timers whose date has come.
    private void ExpireTimers()
    {
        if (_timers.NextDueNs == long.MaxValue)
            return;
        long now = MonotonicClock.NowNs;
        while (_timers.RemoveDue(now) is { } timer)
        {
            // One that is still queued from an earlier date is delivered once, for this one.
            if (timer.IsQueued)
                continue;
            timer.IsQueued = true;
            timer.Rank = Rank.Head;
            Accept((LaneCell)timer.Owner, timer);
        }
        Volatile.Write(ref _nextDueNs, _timers.NextDueNs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetNext(LaneCell cell, Message message, int level)
    {
        _nextCell = cell;
        if (!ReferenceEquals(_nextMessage, message))
            _nextMessage = message;
        _nextLevel = level;
    }

    private void Enqueue(LaneCell cell, Message message, int level)
    {
        cell.Mailbox.Enqueue(message);
        if (level == Rank.Levels - 1)
            _inBandWork.Queued();
        _ready.Add(cell, level);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeIn()
    {
        if (!_inbox.IsEmpty)
            Sort(_inbox.TakeAll());
    }

    private void Sort(Message? message)
    {
        while (message is not null)
        {
            Message? next = message.Next;
            if (message.Target is LaneCell cell)
            {
                message.Target = null;
                Accept(cell, message);
            }
            else
            {
                message.Next = null;
                ((LaneSignal)message).Apply(this);
            }
            message = next;
        }
    }

    /// <summary>How many in-band-ranked messages wait, or did a moment ago. Any thread.</summary>
    internal int InBandWork => _inBandWork.Waiting;

    // Where constant oob traffic leaves in-band work no turn, that is said once, and changes nothing: its rank is its due.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WatchInBandWork()
    {
        if (_inBandWork.IsNeeded)
            LookAtInBandWork();
    }

    private void LookAtInBandWork()
    {
        if (_inBandWork.IsOver(MonotonicClock.NowNs))
            Log.InBandWorkHeldUp(Name, _engine.Options.InBandHoldUpLimit.TotalMilliseconds);
    }

    // Whose turn it was is said by the caller of its message: the message itself may be somebody else's by the end of the turn.
    private bool TryRunNext(out Caller? whose)
    {
        TakeIn();
        if (HasNext)
        {
            if (!_nextCell!.IsStopPending) // set with the level
            {
                whose = _nextMessage!.Caller; // set with the level
                RunNext();
                return true;
            }
            QueueNext();
        }
        return TryRunQueued(out whose);
    }

    // Nearly all turns: the caller's call passes from one actor of the machine's own to the next, and nothing else is there or comes
    // in. When it is answered, or has gone to another lane, it is not what goes next.
    private void RunNextOf(LaneCaller caller)
    {
        _turnRunsUserCode = false;
        while (HasNext && _inbox.IsEmpty && !_ownsFollow)
        {
            Message message = _nextMessage!; // set with the level
            LaneCell cell = _nextCell!;
            if (!ReferenceEquals(message.Caller, caller) || !cell.RunsUnwatched)
                break;
            _nextLevel = RunQueue.NoLevel;
            _turnsLeftInARow = TurnsInARow;
            Run(cell, message);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunNext()
    {
        _nextLevel = RunQueue.NoLevel;
        RunTurn(_nextCell!, _nextMessage!); // there is one
    }

    private bool TryRunQueued(out Caller? whose)
    {
        whose = null;
        if (_ready.RemoveFirst() is not { } cell)
            return false;
        if (cell.IsStopPending)
        {
            _turnRunsUserCode = true;
            _turnsLeftInARow = 0;
            _context.Keep();
            cell.Stop();
            _context.ResetIfChanged();
            return true;
        }
        Message message = Dequeue(ref cell.Mailbox);
        if (!cell.Mailbox.IsEmpty)
            _ready.Add(cell, cell.Mailbox.FirstLevel);
        whose = message.Caller;
        RunTurn(cell, message);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunTurn(LaneCell cell, Message message)
    {
        bool runsUserCode = cell.RunsUserCode;
        _turnRunsUserCode = runsUserCode;
        _turnsLeftInARow = runsUserCode ? 0 : TurnsInARow;
        if (runsUserCode)
            _context.Keep();
        cell.Handle(message);
        if (runsUserCode)
            _context.ResetIfChanged();
    }

    private void RunAll()
    {
        _runningFor.Value = null;
        int turnsUntilClock = 0;
        while (true)
        {
            if (turnsUntilClock-- == 0)
            {
                turnsUntilClock = TurnsPerClockRead;
                ExpireTimers();
                WatchInBandWork();
                _wake.Do();
            }
            // A thread that waits for the lane runs its own call, most urgent first, as this one would.
            if (!TryRunNext(out _) || _owner.IsAwaited)
                return;
        }
    }

    // A FIFO thread does not run what is in-band-ranked: in a lane that only such threads own that is left to the worker.
    private bool HasLeftovers()
    {
        TakeIn();
        return FirstLevel < (AnyThreadMayOwn ? Rank.Levels : Rank.Levels - 1) && !_owner.IsAwaited;
    }

    private Lane? ReleaseFor(LaneCaller caller)
    {
        if (!IsIdle || !_inbox.IsEmpty || _follow is not null || _wake.IsPending)
            return ReleaseWithMore(caller);
        // Nearly always: nothing is left here, and nobody else is to be seen to.
        Free(next: null);
        if (!_inbox.IsEmpty && TryTake(OsThread.Current))
            return ReleaseWithMore(caller);
        WakeWorkerIfNeeded(isWorkLeft: false);
        return null;
    }

    private Lane? ReleaseWithMore(LaneCaller caller)
    {
        int leftovers = TurnsOfLeftovers;
        while (true)
        {
            // Once it is answered its next entry may be another thread's, and is answered as one from outside.
            _runningFor.Value = caller.IsAnswered ? null : caller;
            // Not while another lane waits for this thread.
            while (leftovers > 0 && !_ownsFollow && HasLeftovers())
            {
                leftovers--;
                TryRunNext(out _);
            }
            Lane? follow = _follow;
            bool goesOn = _ownsFollow;
            _follow = null;
            _ownsFollow = false;
            bool isWorkLeft = !IsIdle;
            PendingWake wake = _wake;
            _wake = default;
            Free(goesOn ? follow : null);
            wake.Do();
            // Sent here between the last look and the release by threads that saw the lane owned.
            if (!isWorkLeft && follow is null && leftovers > 0 && !_inbox.IsEmpty && TryTake(OsThread.Current))
                continue;
            WakeWorkerIfNeeded(isWorkLeft);
            return follow;
        }
    }

    private void Release()
    {
        bool isWorkLeft = !IsIdle;
        PendingWake wake = _wake;
        _wake = default;
        Free(next: null);
        wake.Do();
        WakeWorkerIfNeeded(isWorkLeft);
    }

    private void Begin(OsThread thread)
    {
        thread.Lane = this;
        // Mostly the same as before: a store of a reference costs more than the question.
        if (!ReferenceEquals(_thread, thread))
            _thread = thread;
        _ownerships++;
        _context.Begin();
    }

    /// <summary>Ends the ownership; the thread goes on in another lane, which it has taken, or leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Free(Lane? next)
    {
        WatchInBandWork();
        OsThread thread = _thread;
        thread.Lane = next;
        if (next is null)
            _context.PutBack();
        else
            _context.GiveTo(ref next._context);
        _owner.Release(thread); // full fence
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WakeWorkerIfNeeded(bool isWorkLeft)
    {
        if (!isWorkLeft && _inbox.IsEmpty && Volatile.Read(ref _nextDueNs) >= Volatile.Read(ref _workerSleepsUntilNs))
            return;
        // Whoever owns the lane by now runs what is left, or finds it when it releases.
        if (_owner.IsFree)
            WakeWorker();
    }

    private void WakeWorker()
    {
        if (Volatile.Read(ref _worker) is { } worker)
            worker.Wake();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>
    /// Sends a message to another lane that the running caller is about to follow it to, by taking that lane before this one is
    /// released: two interlocked operations instead of four. By this lane's owner.
    /// </summary>
    /// <remarks>
    /// The message is in its mailbox when this returns, behind whatever was posted there before. Both lanes are owned for the
    /// rest of this turn only, which is the machine's own code and short, and a second lane is never waited for.
    /// </remarks>
    private bool TryBring(Lane next, LaneCell cell, Message message, LaneCaller? caller)
    {
        if (!_ownsFollow)
        {
            if (caller is null || !ReferenceEquals(_runningFor.Value, caller) || _follow is not null || !_mayOwnFollow || _turnRunsUserCode
                || caller.IsAnswered || !caller.MayOwn(next, _thread) || !next._owner.TryTake(_thread))
            {
                return false;
            }
            next._thread = _thread;
            next._ownerships++;
            _follow = next;
            _ownsFollow = true;
            _turnsLeftInARow = 0; // that lane waits
        }
        else if (!ReferenceEquals(_follow, next))
        {
            return false;
        }
        next.TakeIn();
        next.Accept(cell, message);
        return true;
    }

    // Turns run here before the followed lane's turn comes: it is nobody's meanwhile. Whoever takes it finds the messages, and
    // the caller comes for them when it has released this lane.
    private void LeaveFollow()
    {
        if (!_ownsFollow)
            return;
        _ownsFollow = false;
        _mayOwnFollow = false;
        // Taken by the last turn, so nothing has run there yet.
        Lane left = _follow!; // owned, so there is one
        left._owner.Release(_thread);
    }

    /// <summary>Something was posted to another lane by a turn of this one: whether it is seen to later.</summary>
    private bool TryDefer(Lane lane, LaneCaller? caller)
    {
        // The thread that posts waits for this very message: it comes along as soon as it has released the lane it owns, or,
        // where it can't, has somebody woken when it has done what it can do here.
        bool isOwn = caller is not null && ReferenceEquals(_runningFor.Value, caller);
        if (isOwn && TryFollow(lane, caller!))
            return true;
        // Waking an in-band thread costs more than many oob turns, and in-band work can wait for a few of them.
        if (!isOwn && (!IsOob || lane.IsOob))
            return false;
        _wake.Set(lane, caller);
        return true;
    }

    private bool TryFollow(Lane next, LaneCaller caller)
    {
        if (caller.IsAnswered || !caller.MayOwn(next, _thread) || (_follow is not null && !ReferenceEquals(_follow, next)))
            return false;
        _follow = next;
        return true;
    }

    private bool IsNextOf(LaneCaller caller)
    {
        Message? next = HasNext ? _nextMessage : _ready.First?.Mailbox.First;
        return ReferenceEquals(next?.Caller, caller);
    }

    private void TellOwnerOfTimers()
    {
        if (Volatile.Read(ref _nextDueNs) <= MonotonicClock.NowNs && Interlocked.Exchange(ref _timerSignalPosted, 1) == 0)
            _inbox.Push(_timerSignal);
    }
}
