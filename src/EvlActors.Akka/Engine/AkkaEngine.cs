using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using EvlActors.Actors;
using EvlActors.Engine;

namespace EvlActors.Akka.Engine;

/// <summary>
/// Runs a machine's actors as Akka actors: under one path of the host's actor system, on its dispatchers, with its scheduler's
/// time, its supervision and its log.
/// </summary>
/// <remarks>
/// Timers come when Akka's scheduler ticks, so by default up to about 20 ms late, and no thread runs under SCHED_FIFO: this engine
/// is for living in an Akka host, not for latency. An actor that fails is stopped, never restarted.
/// </remarks>
public sealed class AkkaEngine : IActorEngine, IInBandWork
{
    // Akka's wheel counts in ticks; a tick that comes early is asked for again.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(20);

    private readonly Lock _gate = new(); // guards the beginning of the disposal
    private readonly AkkaEngineOptions _options;
    private readonly AkkaClock _clock;
    private readonly CellPaths _paths;
    private readonly DeadLetterReturns _returns;
    private readonly LocalActorRef _guardian;
    private readonly LocalActorRef _root;
    private readonly ConcurrentDictionary<AkkaCaller, bool> _inFlight = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _disposal;
    private int _returning;
    private bool _isDisposing;
    private bool _isGone;

    /// <summary>Starts an engine in an actor system. Does not block.</summary>
    /// <param name="system">The actor system; gets the package's configuration as a fallback of its own.</param>
    /// <param name="name">The path that the actors are under, /user/evl by default; each machine of a system has its own.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidActorNameException">There is an actor of this name already, or it can't be a name.</exception>
    /// <exception cref="ConfigurationException">The configuration lacks a dispatcher or the mailbox, or evl.clock is wrong.</exception>
    public AkkaEngine(ActorSystem system, string name = "evl", AkkaEngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(name);
        if (!ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException($"'{name}' can't be a machine's name: it is that of an actor, /user/{name}, too.");
        System = system;
        _options = options ?? new AkkaEngineOptions();
        _returns = SystemServices.Of(system).Returns;
        if (system.Mailboxes.Lookup(_options.Mailbox) is not RankMailbox)
        {
            throw new ConfigurationException(
                $"The machine's messages are ordered by rank: {_options.Mailbox}.mailbox-type is {typeof(RankMailbox).FullName}, or derived from it.");
        }
        _clock = new AkkaClock(system);
        Log = Logging.GetLogger(system, this);
        _guardian = (LocalActorRef)((ExtendedActorSystem)system).Guardian;
        _root = RootOf(name);
        _paths = new CellPaths(_root, HasStopped);
    }

    /// <summary>The actor above all actors of the machine. It takes no messages; watch it to hear of the machine's end.</summary>
    public IActorRef Root => _root;

    /// <inheritdoc/>
    public long MonotonicNs => _clock.MonotonicNs;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => _clock.UtcNow;

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    internal ILoggingAdapter Log { get; }

    /// <summary>Completes when the last actor has stopped, whoever stopped them.</summary>
    internal Task WhenStopped => _stopped.Task;

    internal bool IsDisposing => Volatile.Read(ref _isDisposing);

    /// <summary>Whether the disposal is past its end: nothing will be answered any more.</summary>
    internal bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>The Akka actor of an actor of this engine; watch it, or find it in the log by its path.</summary>
    /// <param name="actor">The actor.</param>
    /// <returns>Its address. What is sent there by others than the machine's actors is unhandled.</returns>
    /// <exception cref="ArgumentException">The actor belongs to another engine.</exception>
    public IActorRef AddressOf(ActorRef actor) => CellOf(actor).Address;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The actor was spawned before.</exception>
    /// <exception cref="ArgumentException">The neighbour is missing or belongs to another engine.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or being so.</exception>
    public ActorRef Spawn(Actor actor, SpawnOptions options)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Self is not null)
            throw new InvalidOperationException($"Actor '{actor.Self.Name}' was spawned before: an actor is spawned once.");
        var cell = new AkkaCell(this, actor, options)
        {
            Dispatcher = DispatcherOf(options),
            Above = _paths.CellAbove(options.FullName),
        };
        actor.Self = cell;
        actor.Engine = this;
        // A pool belongs to a lane, and here each actor runs by itself.
        actor.Pool = new LanePool();
        Props props = ActorProducer<CellActor>.PropsOf(() => new CellActor(cell)).WithDispatcher(cell.Dispatcher).WithMailbox(_options.Mailbox);
        ObjectDisposedException.ThrowIf(IsDisposing, this);
        try
        {
            cell.Address = _paths.Add(options.FullName, props, cell);
        }
        catch (InvalidOperationException e) when (IsDisposing || _stopped.Task.IsCompleted)
        {
            throw new ObjectDisposedException($"{nameof(AkkaEngine)} {Root.Path}", e);
        }
        return cell;
    }

    /// <inheritdoc/>
    public void Stop(ActorRef actor) => CellOf(actor).Stop();

    /// <inheritdoc/>
    public Caller CreateCaller(int realTimePriority = 0) => new AkkaCaller(this);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Not called in a turn of the timer's owner.</exception>
    public void Arm(ActorTimer timer, long dueNs) => TimersOf(timer).Arm(timer, dueNs);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Not called in a turn of the timer's owner.</exception>
    public void Disarm(ActorTimer timer) => TimersOf(timer).Disarm(timer);

    /// <inheritdoc/>
    public ulong NextRandom()
    {
        ulong bits = 0;
        Random.Shared.NextBytes(MemoryMarshal.AsBytes(new Span<ulong>(ref bits)));
        return bits;
    }

    /// <inheritdoc/>
    /// <remarks>Here: in the thread pool.</remarks>
    public Task RunBody(Func<Task> body) => Task.Run(body);

    /// <inheritdoc/>
    /// <remarks>Here: an ordinary thread, pinned if that is asked for; its priority is not asked for.</remarks>
    public Task StartThread(ThreadOptions options, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            if (options.Cpu is { } cpu && !OsThread.TryPin(cpu))
                Log.Warning("Thread '{0}' could not be pinned to CPU {1}.", options.Name, cpu);
            try
            {
                body();
            }
            catch (Exception cause)
            {
                ended.SetException(cause);
                return;
            }
            ended.SetResult();
        })
        {
            Name = options.Name,
            IsBackground = true,
        };
        thread.UnsafeStart();
        return ended.Task;
    }

    /// <summary>Does nothing: this engine's time is the scheduler's.</summary>
    public void ForeignWaitBegun()
    {
    }

    /// <summary>Does nothing: this engine's time is the scheduler's.</summary>
    public void ForeignWaitEnded()
    {
    }

    /// <summary>
    /// Stops every actor, gives back every queued message (<see cref="UndeliverableReason.EngineDisposed"/>) and wakes the parked
    /// callers: one that is not answered gets an <see cref="ObjectDisposedException"/>. The actor system goes on; if that ends
    /// first, the engine ends with it. A second call awaits the first.
    /// </summary>
    /// <returns>Completes when all that has happened.</returns>
    public ValueTask DisposeAsync() => new(End());

    int IInBandWork.InBandWorkOf(Placement stage) =>
        InBandWorkUnder(_root, stage == Placement.Oob ? _options.OobDispatcher : _options.InBandDispatcher);

    /// <summary>Begins the disposal, if it has not begun.</summary>
    internal Task End()
    {
        lock (_gate)
            return _disposal ??= Task.Run(Dispose);
    }

    /// <summary>Adds the door for system calls of the host's actors.</summary>
    internal IActorRef AddRouter(ActorRef dovetail)
    {
        IActorRef router = _paths.Add("router", ActorProducer<RouterActor>.PropsOf(() => new RouterActor(dovetail, HasStopped)), null);
        _returns.AddRouter(router);
        return router;
    }

    /// <summary>
    /// An actor of the machine has stopped, and the machine has neither asked for that nor failed: the host has stopped it. A
    /// machine without one of its actors would leave calls unanswered, so all of it ends.
    /// </summary>
    internal void HasStopped(ActorPath path)
    {
        // By the root: it knows whether it is not itself what was stopped, and says it once.
        if (!IsDisposing)
            _root.Tell(new StoppedByAnother(path));
    }

    /// <summary>Has Akka's scheduler send a tick to a cell.</summary>
    internal ICancelable Schedule(AkkaCell cell, long delayNs)
    {
        // Rounded up, so that the tick does not come before the date.
        TimeSpan delay = TimeSpan.FromTicks((delayNs + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
        var cancelable = new Cancelable(System.Scheduler.Advanced);
        System.Scheduler.ScheduleTellOnce(
            delay < s_longestDelay ? delay : s_longestDelay, cell.Address, new TimerTick(cell), ActorRefs.NoSender, cancelable);
        return cancelable;
    }

    /// <summary>Has a cell give back what it has to.</summary>
    internal void QueueReturns(AkkaCell cell)
    {
        Interlocked.Increment(ref _returning);
        ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
    }

    internal void ReturnsDone() => Interlocked.Decrement(ref _returning);

    internal void Forget(AkkaCell cell) => _paths.Remove(cell.Name, cell);

    internal void Entered(AkkaCaller caller) => _inFlight[caller] = true;

    internal void Answered(AkkaCaller caller) => _inFlight.TryRemove(caller, out _);

    private static int InBandWorkUnder(LocalActorRef parent, string dispatcher)
    {
        ActorCell cell = parent.Cell;
        int here = cell.Mailbox?.MessageQueue is RankQueue queue && cell.Dispatcher?.Id == dispatcher ? queue.InBandWork : 0;
        return here + cell.GetChildren().OfType<LocalActorRef>().Sum(child => InBandWorkUnder(child, dispatcher));
    }

    private static AkkaCell CellOf(ActorRef actor) =>
        actor as AkkaCell ?? throw new ArgumentException("The actor belongs to another engine.", nameof(actor));

    private static CellTimers TimersOf(ActorTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return CellOf(timer.Owner).Timers;
    }

    private string DispatcherOf(SpawnOptions options) => options.Placement switch
    {
        Placement.InBand or Placement.OwnInBand => _options.InBandDispatcher,
        Placement.Oob or Placement.OwnOob => _options.OobDispatcher,
        Placement.WithNeighbour => (options.Neighbour as AkkaCell)?.Dispatcher
            ?? throw new ArgumentException("Placement.WithNeighbour needs a neighbour of this engine.", nameof(options)),
        _ => throw new ArgumentException("There is no such placement.", nameof(options)),
    };

    private LocalActorRef RootOf(string name)
    {
        try
        {
            return (LocalActorRef)_guardian.Cell.ActorOf(ActorProducer<RootActor>.PropsOf(() => new RootActor(Log, RootHasStopped)), name);
        }
        catch (InvalidActorNameException e)
        {
            throw new InvalidActorNameException(
                $"There is an actor at /user/{name} already: each machine of an actor system has a {nameof(AkkaMachineOptions.Name)} of its own.", e);
        }
    }

    // Also if somebody stopped it, or the actor system ends.
    private void RootHasStopped()
    {
        _stopped.TrySetResult();
        _ = End();
    }

    private async Task Dispose()
    {
        Volatile.Write(ref _isDisposing, true);
        System.Stop(Root);
        await _stopped.Task.ConfigureAwait(false);
        // All actors have stopped; what is given back sends to such alone, which is given back in turn.
        await AllReturned().ConfigureAwait(false);
        // Its name is free when its parent has taken note: another machine may have it then.
        while (_guardian.Cell.ChildrenContainer.Contains(_root))
            await Task.Yield();
        Volatile.Write(ref _isGone, true);
        Interlocked.MemoryBarrier(); // a caller enters, then looks whether the engine is gone
        foreach (KeyValuePair<AkkaCaller, bool> caller in _inFlight)
            caller.Key.Abandon();
        await AllReturned().ConfigureAwait(false);
    }

    private async Task AllReturned()
    {
        while (Volatile.Read(ref _returning) != 0)
            await Task.Yield();
    }
}
