using System.Text;
using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>
/// One thread, virtual time, and a seed that decides what runs next: whichever actor, body or outside continuation has something
/// to do may be chosen. A run that met no other thread (<see cref="IsRepeatable"/>) is repeated exactly by its seed.
/// </summary>
public sealed class SimulationEngine : IActorEngine
{
    private const int EnoughForeign = 8;
    private const long StartNs = 1_000_000_000;

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Each is deeper in the stack.
    private const int MostTurnsInARow = 16;

    // What follows belongs to the thread that drives.
    private readonly LanePool _pool = new();
    private readonly SimulatedTimers _timers = new();
    private readonly List<string> _failures = [];
    private readonly SimulationOptions _options;
    private readonly Scheduler _scheduler;
    private SplitMix _draws;
    private long _readied;
    private SimulatedActor[] _ready = new SimulatedActor[16];
    private int _readyCount;
    private SimulatedActor? _current;
    private int _turnsInARow;
    private Exception? _unhandled;
    private ExecutionContext? _context;
    private TaskCompletionSource? _rest;
    private int _choices;
    private long _nowNs = StartNs;
    private Thread? _driver;

    // What follows is shared with other threads, under the gate.
    private readonly object _gate = new();
    private readonly List<SimulatedActor> _living = new(capacity: 32);
    private readonly List<SimulatedCaller> _callers = [];
    private Message? _inboxFirst;
    private Message? _inboxLast;
    private int _foreignWaits;
    private bool _isWaiting;
    private int _bodies;
    private int _bodiesMade;
    private TaskCompletionSource? _disposal;
    private readonly List<string> _foreign = [];
    private bool _isRepeatable = true;
    private long _marks;

    /// <summary>Makes an engine that chooses uniformly.</summary>
    /// <param name="seed">What every choice and every draw comes from.</param>
    public SimulationEngine(ulong seed)
        : this(new SimulationOptions { Seed = seed })
    {
    }

    /// <summary>Makes an engine.</summary>
    /// <param name="options">How it runs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public SimulationEngine(SimulationOptions options)
        : this(options, options?.Schedule?.Seed ?? options?.Seed ?? 0)
    {
    }

    /// <summary>Makes an engine with a seed of its own, so that many runs share their options.</summary>
    internal SimulationEngine(SimulationOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Depth < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Depth, $"{nameof(SimulationOptions.Depth)} is at least 1.");
        if (options.Length < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Length, $"{nameof(SimulationOptions.Length)} is at least 1.");
        _options = options;
        Seed = seed;
        Log = options.EventLog;
        _draws = new SplitMix(~Seed * 0xD1342543DE82EF95);
        _scheduler = options switch
        {
            { Recorded: { } recorded } => new RecordedScheduler(Seed, recorded),
            { Schedule: { } schedule } => new ReplayScheduler(schedule),
            { Strategy: SimulationStrategy.Pct } => new PctScheduler(Seed, options.Depth, options.Length),
            _ => new UniformScheduler(Seed),
        };
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>
    /// Whether everything so far came from the seed: false once another thread sent something while the simulation ran, or the
    /// simulation waited for one.
    /// </summary>
    public bool IsRepeatable
    {
        get
        {
            lock (_gate)
                return _isRepeatable;
        }
    }

    /// <summary>What came from other threads while the simulation ran, and from where: continuations that escaped to the thread
    /// pool, and what handlers and bodies awaited that was no actor's. Empty as long as <see cref="IsRepeatable"/>.</summary>
    public IReadOnlyList<string> Foreign
    {
        get
        {
            lock (_gate)
                return [.. _foreign];
        }
    }

    /// <summary>How many turns were run, those of bodies included.</summary>
    public long Turns { get; private set; }

    /// <inheritdoc/>
    public long MonotonicNs => Volatile.Read(ref _nowNs);

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => s_start.AddTicks((MonotonicNs - StartNs) / TimeSpan.NanosecondsPerTick);

    /// <summary>Whether the calling thread drives the simulation: it is inside a turn or a body.</summary>
    internal bool IsRunningHere => ReferenceEquals(Volatile.Read(ref _driver), Thread.CurrentThread);

    /// <summary>Where turns are written, or null.</summary>
    internal EventLog? Log { get; }

    /// <summary>Gets each choice that is made, as a schedule has it; null: nobody wants them.</summary>
    internal Action<ScheduledChoice>? OnChoice { get; set; }

    /// <summary>Gets the name of the actor that a schedule makes run out of turn; null: nobody wants them.</summary>
    internal Action<string>? OnInterruption { get; set; }

    /// <summary>Who expects something of the machine.</summary>
    internal List<Probe> Probes { get; } = [];

    /// <summary>Calls that are held or are to be; null: none.</summary>
    internal List<HeldCall>? Held { get; private set; }

    /// <summary>How many messages were put into mailboxes, those of timers included.</summary>
    internal long Sent { get; set; }

    /// <summary>How many messages were handled.</summary>
    internal long Handled { get; set; }

    /// <summary>How many messages were undeliverable.</summary>
    internal long GivenBack { get; set; }

    /// <summary>The message that the running turn handles.</summary>
    internal Message? CurrentMessage { get; set; }

    /// <summary>The pool, if the calling thread may use it now.</summary>
    internal LanePool? PoolOrNull => IsRunningHere ? _pool : null;

    /// <summary>The body that is running; set by the body.</summary>
    internal SimulatedBody? RunningBody { get; set; }

    /// <summary>The body that the calling code belongs to, or null.</summary>
    internal SimulatedBody? BodyHere => RunningBody is { } body && IsRunningHere ? body : null;

    /// <summary>
    /// Runs a scenario to its end on the calling thread, and then whatever it left to do that needs no time to pass and no other
    /// thread.
    /// </summary>
    /// <param name="scenario">A body; what it awaits comes back in an order that the seed decides.</param>
    /// <exception cref="SimulationFailedException">The scenario threw.</exception>
    /// <exception cref="SimulationStuckException">Nothing can run, and the scenario has not ended.</exception>
    /// <exception cref="InvalidOperationException">The simulation runs already.</exception>
    public void Run(Func<Task> scenario)
    {
        Task ended = RunBody(scenario, "scenario");
        Drive(() => ended.IsCompleted, "the scenario");
        try
        {
            ended.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            throw new SimulationFailedException(Seed, e);
        }
        RunUntilQuiescent();
    }

    /// <summary>Runs until nothing is left to do without time passing and without waiting for other threads.</summary>
    /// <exception cref="SimulationStuckException">It does not come to rest.</exception>
    /// <exception cref="InvalidOperationException">The simulation runs already.</exception>
    public void RunUntilQuiescent() => Drive(null, "quiescence");

    /// <inheritdoc/>
    public ActorRef Spawn(Actor actor, SpawnOptions options)
    {
        if (actor.Self is not null)
            throw new InvalidOperationException($"The actor was spawned already, as {actor.Self}.");
        if (options.Placement == Placement.WithNeighbour && options.Neighbour is null)
            throw new ArgumentException($"{options.FullName} is to share the lane of a neighbour: name the neighbour.", nameof(options));
        SimulatedActor simulated = Add(actor, options);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            simulated.LivingSlot = _living.Count;
            _living.Add(simulated);
        }
        return simulated;
    }

    /// <inheritdoc/>
    public void Stop(ActorRef actor)
    {
        if (IsRunningHere)
            ((SimulatedActor)actor).StopSoon(UndeliverableReason.Stopped);
        else
            Deliver((SimulatedActor)actor, new StopRequest { Target = actor });
    }

    /// <inheritdoc/>
    public Caller CreateCaller(int realTimePriority = 0)
    {
        lock (_gate)
        {
            var caller = new SimulatedCaller(this, _callers.Count + 1);
            _callers.Add(caller);
            return caller;
        }
    }

    /// <inheritdoc/>
    public void Arm(ActorTimer timer, long dueNs)
    {
        SimulatedActor owner = OwnerInTurn(timer);
        if (owner.IsStopped)
            return;
        timer.DueNs = dueNs;
        timer.IsArmed = true;
        // One that is queued already is looked at again when its turn comes.
        if (timer.IsQueued)
            return;
        if (dueNs > _nowNs)
            _timers.Put(timer);
        else
            Expire(timer);
    }

    /// <inheritdoc/>
    public void Disarm(ActorTimer timer)
    {
        OwnerInTurn(timer);
        timer.IsArmed = false;
        _timers.Remove(timer);
    }

    /// <inheritdoc/>
    public ulong NextRandom()
    {
        lock (_gate)
            return _draws.Next();
    }

    /// <inheritdoc/>
    public Task RunBody(Func<Task> body) => RunBody(body, "body");

    /// <summary>Not supported: a simulation has one thread.</summary>
    /// <param name="options">Not used.</param>
    /// <param name="body">Not used.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public Task StartThread(ThreadOptions options, Action body) => throw new NotSupportedException(
        $"A simulation has one thread, so {options.Name} can't have its own: use an asynchronous body (RunBody) and await its calls.");

    /// <inheritdoc/>
    public void ForeignWaitBegun()
    {
        lock (_gate)
            _foreignWaits++;
    }

    /// <inheritdoc/>
    public void ForeignWaitEnded()
    {
        lock (_gate)
        {
            _foreignWaits--;
            Pulse();
        }
    }

    /// <summary>
    /// Stops all actors. From outside it runs them to their end on the calling thread; from a body it completes when they have
    /// ended.
    /// </summary>
    /// <returns>Completes when the last actor has stopped.</returns>
    public ValueTask DisposeAsync()
    {
        Task disposal;
        lock (_gate)
        {
            if (_disposal is null)
            {
                _disposal = new TaskCompletionSource();
                foreach (SimulatedActor actor in _living)
                {
                    if (IsRunningHere)
                        actor.StopSoon(UndeliverableReason.EngineDisposed);
                    else
                        Append(new StopRequest { Target = actor });
                }
                if (_living.Count == 0)
                    _disposal.SetResult();
            }
            disposal = _disposal.Task;
        }
        if (!IsRunningHere)
            RunUntilQuiescent();
        return new ValueTask(disposal);
    }

    /// <summary>The actors that have not stopped.</summary>
    internal IReadOnlyList<SimulatedActor> Living
    {
        get
        {
            lock (_gate)
                return [.. _living];
        }
    }

    /// <summary>Whether a call from outside is not answered yet.</summary>
    internal bool HasCallsInFlight
    {
        get
        {
            lock (_gate)
                return _callers.Exists(caller => caller.IsInFlight);
        }
    }

    /// <summary>In a body: completes when nothing else can run without time passing.</summary>
    internal Task Rest() => (_rest ??= new TaskCompletionSource()).Task;

    /// <summary>Makes a pseudo-actor for code outside.</summary>
    internal SimulatedBody AddBody(string name, Func<Task>? body)
    {
        var simulated = new SimulatedBody(this, body, Interlocked.Increment(ref _bodiesMade) - 1);
        Add(simulated, new SpawnOptions(name));
        return simulated;
    }

    internal void RunUntilAnswered(SimulatedCaller caller) => Drive(() => caller.IsAnswered, caller.ToString());

    internal void Deliver(SimulatedActor target, Message message)
    {
        if (IsRunningHere)
        {
            target.Enqueue(message);
            return;
        }
        bool isOver;
        lock (_gate)
        {
            Append(message);
            if (_driver is not null)
                CameFrom(target, message);
            isOver = _disposal is not null && _driver is null;
            Pulse();
        }
        // Nobody will drive any more, but what is sent now has to be given back.
        if (isOver)
            RunUntilQuiescent();
    }

    internal void MakeReady(SimulatedActor actor)
    {
        if (actor.ReadySlot >= 0)
            return;
        if (_readyCount == _ready.Length)
            Array.Resize(ref _ready, _readyCount * 2);
        actor.ReadySince = _readied++;
        actor.ReadySlot = _readyCount;
        _ready[_readyCount++] = actor;
    }

    internal void MakeUnready(SimulatedActor actor)
    {
        int slot = actor.ReadySlot;
        if (slot < 0)
            return;
        actor.ReadySlot = -1;
        SimulatedActor last = _ready[--_readyCount];
        _ready[_readyCount] = null!; // beyond the count
        if (last == actor)
            return;
        _ready[slot] = last;
        last.ReadySlot = slot;
    }

    /// <summary>Takes a timer out of its mailbox: whether it is still due, or else where it belongs now.</summary>
    internal bool TakeExpired(ActorTimer timer)
    {
        timer.IsQueued = false;
        if (!timer.IsArmed)
            return false;
        if (timer.DueNs > _nowNs)
        {
            _timers.Put(timer);
            return false;
        }
        timer.IsArmed = false;
        return true;
    }

    internal void Failed(SimulatedActor actor, Exception cause) => _failures.Add($"{actor.Name} failed: {cause.Message}");

    internal void Forget(SimulatedActor actor)
    {
        TaskCompletionSource? disposed;
        lock (_gate)
        {
            if (actor.LivingSlot < 0)
                return;
            SimulatedActor last = _living[^1];
            _living[actor.LivingSlot] = last;
            last.LivingSlot = actor.LivingSlot;
            _living.RemoveAt(_living.Count - 1);
            actor.LivingSlot = -1;
            disposed = _living.Count == 0 ? _disposal : null;
        }
        disposed?.SetResult();
    }

    internal void Remember(HeldCall held) => (Held ??= []).Add(held);

    internal bool IsHeld(Message message)
    {
        foreach (HeldCall held in Held ?? [])
        {
            if (held.Holds(message))
                return true;
        }
        return false;
    }

    internal void Forget(HeldCall held)
    {
        Held!.Remove(held); // it was remembered
        if (Held.Count == 0)
            Held = null;
    }

    internal void BodyEnded() => Interlocked.Decrement(ref _bodies);

    /// <summary>Takes note of an exception that nobody is there to catch; the run ends with it.</summary>
    internal void Unhandled(Exception exception) => _unhandled ??= exception;

    private Task RunBody(Func<Task> body, string name)
    {
        SimulatedBody simulated = AddBody(name, body);
        Interlocked.Increment(ref _bodies);
        simulated.Start();
        return simulated.Ended;
    }

    private SimulatedActor Add(Actor actor, SpawnOptions options)
    {
        var simulated = new SimulatedActor(this, actor, options.FullName, options.Supervisor);
        actor.Self = simulated;
        actor.Engine = this;
        actor.Pool = _pool;
        return simulated;
    }

    private SimulatedActor OwnerInTurn(ActorTimer timer)
    {
        var owner = (SimulatedActor)timer.Owner;
        if (!IsRunningHere || _current != owner)
            throw new InvalidOperationException($"A timer of {owner} is armed and disarmed in turns of {owner} only.");
        return owner;
    }

    private void Expire(ActorTimer timer)
    {
        timer.IsQueued = true;
        timer.Rank = Rank.Head;
        timer.Target = timer.Owner;
        ((SimulatedActor)timer.Owner).Enqueue(timer);
    }

    // Null: until nothing is left to do here and now.
    private void Drive(Func<bool>? isDone, string goal)
    {
        Thread? other = Interlocked.CompareExchange(ref _driver, Thread.CurrentThread, null);
        if (other is not null)
            throw new InvalidOperationException("The simulation runs already: it is driven by one thread, from outside any turn.");
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _context = ExecutionContext.Capture();
        try
        {
            long limit = Turns + _options.TurnLimit;
            while (isDone is null || !isDone())
            {
                TakeInbox();
                if (_readyCount > 0)
                    TakeTurn();
                else if (isDone is null)
                    break;
                else
                    Idle(goal);
                if (Turns > limit)
                    throw Stuck($"{_options.TurnLimit} turns did not reach {goal}");
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            Volatile.Write(ref _driver, null);
        }
    }

    private void TakeTurn()
    {
        SimulatedActor actor = _ready[_readyCount == 1 ? 0 : Choose()];
        _current = actor;
        Turns++;
        actor.TakeTurn();
        _current = null;
        if (actor.RunsUserCode)
            ForgetContexts();
        if (_unhandled is { } unhandled)
        {
            _unhandled = null;
            throw new SimulationFailedException(Seed, unhandled);
        }
    }

    /// <summary>Queues a message that the running turn has ended with, or has its receiver handle it at once.</summary>
    /// <returns>Whether it was answered.</returns>
    internal bool HandOn(SimulatedActor to, Message message)
    {
        if (!_options.MergesTurns || Held is not null || _turnsInARow == MostTurnsInARow || !to.HasNothingBefore(message))
        {
            to.Enqueue(message);
            return false;
        }
        SimulatedActor? sender = _current;
        Message? handled = CurrentMessage;
        _turnsInARow++;
        _current = to;
        Turns++;
        Sent++;
        bool isAnswered = to.TakeTurnAtOnce(message);
        _turnsInARow--;
        _current = sender;
        CurrentMessage = handled;
        return isAnswered;
    }

    // What a turn leaves in the thread must not reach the next.
    private void ForgetContexts()
    {
        if (SynchronizationContext.Current is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        if (_context is { } context && ExecutionContext.Capture() != context)
            ExecutionContext.Restore(context);
    }

    private int Choose()
    {
        ReadOnlySpan<SimulatedActor> ready = _ready.AsSpan(0, _readyCount);
        int chosen = _scheduler.Choose(ready);
        OnChoice?.Invoke(new ScheduledChoice(_choices, ReplayScheduler.NewerThan(ready, ready[chosen])));
        _choices++;
        if (OnInterruption is not null && _scheduler is ReplayScheduler { WasScheduled: true })
            OnInterruption(ready[chosen].Title);
        return chosen;
    }

    // Under the gate. The frames tell whose continuation it is that runs where it should not.
    private void CameFrom(SimulatedActor target, Message message)
    {
        if (_foreign.Count < EnoughForeign)
            NotRepeatable($"{Describe.Of(message)} came to {target.Name} from {ForeignThread.Here()}");
    }

    private void NotRepeatable(string because)
    {
        _isRepeatable = false;
        if (_foreign.Count < EnoughForeign && !_foreign.Contains(because))
            _foreign.Add(because);
    }

    private void Append(Message message)
    {
        message.Next = null;
        if (_inboxLast is null)
            Volatile.Write(ref _inboxFirst, message);
        else
            _inboxLast.Next = message;
        _inboxLast = message;
    }

    private void TakeInbox()
    {
        if (Volatile.Read(ref _inboxFirst) is null)
            return;
        Message? message;
        lock (_gate)
        {
            message = _inboxFirst;
            _inboxFirst = null;
            _inboxLast = null;
        }
        while (message is not null)
        {
            Message? next = message.Next;
            var target = (SimulatedActor)message.Target!; // set by Tell and Stop
            if (message is StopRequest)
                target.StopSoon(_disposal is null ? UndeliverableReason.Stopped : UndeliverableReason.EngineDisposed);
            else
                target.Enqueue(message);
            message = next;
        }
    }

    // Nothing is runnable: what is awaited from other threads comes before time passes, or it would pass without end.
    private void Idle(string goal)
    {
        if (WaitForOthers(goal))
            return;
        if (_rest is { } rest)
        {
            _rest = null;
            rest.SetResult();
            return;
        }
        while (_timers.First is { } timer)
        {
            _timers.Remove(timer);
            if (((SimulatedActor)timer.Owner).IsStopped)
            {
                timer.IsArmed = false;
                continue;
            }
            Volatile.Write(ref _nowNs, timer.DueNs);
            Expire(timer);
            while (_timers.First is { } next && next.DueNs <= _nowNs)
            {
                _timers.Remove(next);
                Expire(next);
            }
            return;
        }
        if (!WaitForTheUnknown())
            throw Stuck($"Nothing can run, and {goal} has not ended");
    }

    private bool WaitForOthers(string goal)
    {
        lock (_gate)
        {
            if (_foreignWaits == 0)
                return _inboxFirst is not null;
            NotRepeatable("something that is no actor's was awaited");
            while (_inboxFirst is null && _foreignWaits > 0)
            {
                if (!Wait(_options.ForeignLimit))
                    throw Stuck($"{_foreignWaits} foreign waits did not end within {_options.ForeignLimit.TotalSeconds} s, and {goal} has not ended");
            }
            return true;
        }
    }

    // Under the gate, which it gives up meanwhile.
    private bool Wait(TimeSpan limit)
    {
        _isWaiting = true;
        bool isPulsed = Monitor.Wait(_gate, limit);
        _isWaiting = false;
        return isPulsed;
    }

    // Under the gate. A lock that was pulsed once is a slow one from then on: only if the driver waits.
    private void Pulse()
    {
        if (_isWaiting)
            Monitor.PulseAll(_gate);
    }

    // A body that no answer will continue may await a task of another thread, which nobody announced.
    private bool WaitForTheUnknown()
    {
        if (_options.ForeignGrace == TimeSpan.Zero)
            return false;
        lock (_gate)
        {
            return CountUnexplained() > 0 && (_inboxFirst is not null || Wait(_options.ForeignGrace));
        }
    }

    // Bodies that have not ended and that no answer will continue. Under the gate.
    private int CountUnexplained()
    {
        int explained = 0;
        _marks++;
        foreach (SimulatedCaller caller in _callers)
        {
            if (caller.IsInFlight && caller.Home is { } home && home.Mark != _marks)
            {
                home.Mark = _marks;
                explained++;
            }
        }
        return Math.Max(0, _bodies - explained);
    }

    private SimulationStuckException Stuck(string what)
    {
        var text = new StringBuilder($"{what} (seed {Seed}, {_nowNs} ns, {Turns} turns).");
        lock (_gate)
        {
            WaitForGraph.Write(text, [.. _callers.Where(caller => caller.IsInFlight)]);
            if (_bodies > 0)
                text.Append($"\n  bodies that have not ended: {_bodies}, of which {CountUnexplained()} await no call but each other, or another thread");
        }
        foreach (HeldCall held in Held ?? [])
            text.Append($"\n  held: {held}");
        foreach (Probe probe in Probes)
        {
            if (probe.Missing is { } missing)
                text.Append($"\n  {missing}");
        }
        for (int i = 0; i < _readyCount; i++)
            text.Append($"\n  has messages: {_ready[i]}");
        foreach (string failure in _failures)
            text.Append($"\n  {failure}");
        foreach (string foreign in Foreign)
            text.Append($"\n  {foreign}");
        return new SimulationStuckException(text.ToString());
    }
}
