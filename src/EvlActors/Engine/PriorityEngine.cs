using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EvlActors.Actors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EvlActors.Engine;

/// <summary>
/// The embedded engine: an in-band and an out-of-band lane, each run by whoever calls in or by its worker; the most urgent
/// message goes first. On Linux, where permitted, the oob side runs under SCHED_FIFO.
/// </summary>
public sealed class PriorityEngine : IActorEngine, IInBandWork
{
    /// <summary>The oob workers' priority under SCHED_FIFO: they are the interrupt context.</summary>
    internal const int WorkerPriority = 99;

    /// <summary>The highest priority under SCHED_FIFO of a thread started by <see cref="StartThread"/>: below the workers.</summary>
    internal const int MaxThreadPriority = WorkerPriority - 1;

    private readonly Lane _inBand;
    private readonly Lane _oob;
    private readonly Lock _gate = new(); // guards the disposal, and that no lane is made once it has begun
    // Weak: a lane or a caller that nobody refers to any more gets no message and waits for none.
    private readonly ConditionalWeakTable<Lane, object?> _lanes = [];
    private readonly ConditionalWeakTable<LaneCaller, object?> _callers = [];
    private Task? _disposal;
    private bool _isGone;

    /// <summary>Starts the engine: two lanes with their workers.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="logger">Where refusals and failures are logged; null: nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public PriorityEngine(PriorityEngineOptions? options = null, ILogger? logger = null)
    {
        Options = options ?? new PriorityEngineOptions();
        if (Options.InBandHoldUpLimit < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), Options.InBandHoldUpLimit, $"{nameof(PriorityEngineOptions.InBandHoldUpLimit)} is not negative.");
        Log = logger ?? NullLogger.Instance;
        bool pinGranted = false;
        RealTimeGranted = TryOnThread(() =>
        {
            pinGranted = Options.OobWorkerCpu is { } cpu && OsThread.TryPin(cpu);
            return Options.RealTime && OsThread.TryBecomeRealTime(WorkerPriority);
        });
        bool memoryLocked = Options.LockMemory && Linux.IsSupported && Linux.TryLockMemory();
        SchedulingDescription = Describe(pinGranted, memoryLocked);
        _inBand = CreateLane("evl-inband", isOob: false, isOwn: false);
        _oob = CreateLane("evl-oob", isOob: true, isOwn: false);
        _inBand.StartWorkerIfNone();
        _oob.StartWorkerIfNone();

        if (Options.RealTime && !RealTimeGranted)
            Log.RealTimeRefused();
        if (Options.LockMemory && !memoryLocked)
            Log.MemoryLockRefused();
        if (Options.OobWorkerCpu is { } wanted && !pinGranted)
            Log.PinRefused(_oob.Name, wanted);
    }

    /// <summary>
    /// Whether the oob worker runs under SCHED_FIFO. If so, only threads under SCHED_FIFO or SCHED_RR run the oob lane
    /// themselves; other callers send to it and wait.
    /// </summary>
    public bool RealTimeGranted { get; }

    /// <summary>In a few words, what the operating system granted; for a log line.</summary>
    public string SchedulingDescription { get; }

    /// <inheritdoc/>
    public long MonotonicNs => MonotonicClock.NowNs;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    internal PriorityEngineOptions Options { get; }

    internal ILogger Log { get; }

    /// <summary>Whether the thread of a lane's worker, named by its lane, dies now; null: none does. Asked when it has served its lane.</summary>
    internal Func<string, bool>? KillsWorker { get; set; }

    /// <summary>Whether the disposal is past its end: nothing will be answered any more.</summary>
    internal bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>Of the shared lanes; own lanes aside.</summary>
    int IInBandWork.InBandWorkOf(Placement stage) => (stage == Placement.Oob ? _oob : _inBand).InBandWork;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The actor was spawned before.</exception>
    /// <exception cref="ArgumentException">The neighbour is missing or belongs to another engine.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or being so.</exception>
    public ActorRef Spawn(Actor actor, SpawnOptions options)
    {
        if (actor.Self is not null)
            throw new InvalidOperationException($"Actor '{actor.Self.Name}' was spawned before: an actor is spawned once.");
        Lane lane = options.Placement switch
        {
            Placement.InBand => _inBand,
            Placement.Oob => _oob,
            Placement.OwnOob => CreateLane(options.FullName, isOob: true, isOwn: true),
            Placement.OwnInBand => CreateLane(options.FullName, isOob: false, isOwn: true),
            Placement.WithNeighbour => (options.Neighbour as LaneCell)?.Lane
                ?? throw new ArgumentException("Placement.WithNeighbour needs a neighbour of this engine.", nameof(options)),
            _ => throw new ArgumentException("There is no such placement.", nameof(options)),
        };
        LaneCell cell = new(options, actor, lane);
        actor.Self = cell;
        actor.Engine = this;
        actor.Pool = lane.Pool;
        lane.Add(cell);
        return cell;
    }

    /// <inheritdoc/>
    public void Stop(ActorRef actor) => CellOf(actor).RequestStop(UndeliverableReason.Stopped);

    /// <inheritdoc/>
    public Caller CreateCaller(int realTimePriority = 0)
    {
        LaneCaller caller = new(this, realTimePriority);
        _callers.Add(caller, null);
        return caller;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Not called in a turn of the timer's owner.</exception>
    public void Arm(ActorTimer timer, long dueNs) => LaneInTurn(timer).Arm(timer, dueNs);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Not called in a turn of the timer's owner.</exception>
    public void Disarm(ActorTimer timer) => LaneInTurn(timer).Disarm(timer);

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
    /// <remarks>SCHED_FIFO is asked for only if the engine itself runs under it; 99 becomes 98, below the oob worker.</remarks>
    public Task StartThread(ThreadOptions options, Action body)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            PrepareThread(options);
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

    /// <summary>Does nothing: this engine's time is the world's.</summary>
    public void ForeignWaitBegun()
    {
    }

    /// <summary>Does nothing: this engine's time is the world's.</summary>
    public void ForeignWaitEnded()
    {
    }

    /// <summary>
    /// Stops every actor, gives back every queued message (<see cref="UndeliverableReason.EngineDisposed"/>), ends the workers
    /// and wakes the parked callers: one that is not answered gets an <see cref="ObjectDisposedException"/>. Threads and bodies
    /// in user code aren't waited for; a turn that is running is. A second call awaits the first.
    /// </summary>
    /// <returns>Completes when all that has happened.</returns>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            return new(_disposal ??= Task.Run(Dispose));
    }

    private static LaneCell CellOf(ActorRef actor) =>
        actor as LaneCell ?? throw new ArgumentException("The actor belongs to another engine.", nameof(actor));

    private static Lane LaneInTurn(ActorTimer timer)
    {
        Lane lane = CellOf(timer.Owner).Lane;
        return ReferenceEquals(OsThread.CurrentLane, lane)
            ? lane
            : throw new InvalidOperationException("A timer is armed and disarmed in turns of its owner only.");
    }

    private static bool TryOnThread(Func<bool> attempt)
    {
        bool granted = false;
        Thread thread = new(() => granted = attempt()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return granted;
    }

    private Lane CreateLane(string name, bool isOob, bool isOwn)
    {
        Lane lane = new(this, name, isOob, isOwn);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            _lanes.Add(lane, null);
        }
        return lane;
    }

    private string Describe(bool pinGranted, bool memoryLocked)
    {
        string policy = (RealTimeGranted, Options.RealTime) switch
        {
            (true, _) => $"oob worker under SCHED_FIFO {WorkerPriority}",
            (false, true) => "ordinary scheduling, SCHED_FIFO not granted",
            _ => "ordinary scheduling",
        };
        return policy + (pinGranted ? $", on CPU {Options.OobWorkerCpu}" : "") + (memoryLocked ? ", memory locked" : "");
    }

    private void PrepareThread(ThreadOptions options)
    {
        if (options.Cpu is { } cpu && !OsThread.TryPin(cpu))
            Log.PinRefused(options.Name, cpu);
        int priority = Math.Min(options.RealTimePriority, MaxThreadPriority);
        if (priority > 0 && RealTimeGranted && !OsThread.TryBecomeRealTime(priority))
            Log.ThreadPriorityRefused(options.Name, priority);
    }

    private async Task Dispose()
    {
        Lane[] lanes;
        lock (_gate)
            lanes = [.. _lanes.Select(static entry => entry.Key)];
        await Task.WhenAll(Array.ConvertAll(lanes, lane => lane.Close())).ConfigureAwait(false);
        await RunOut(lanes).ConfigureAwait(false);
        Volatile.Write(ref _isGone, true);
        Interlocked.MemoryBarrier(); // a caller parks, then looks whether the engine is gone
        foreach (KeyValuePair<LaneCaller, object?> caller in _callers)
            caller.Key.WakeForDispose();
    }

    // What was given back may have sent messages to other lanes, and those again. It is over when a whole round finds every lane
    // idle and unowned since the round before: between the two rounds there was then a moment when all were at once.
    private static async Task RunOut(Lane[] lanes)
    {
        long[] lastSeen = new long[lanes.Length];
        bool isQuiet;
        do
        {
            await Task.Yield();
            isQuiet = true;
            for (int i = 0; i < lanes.Length; i++)
                isQuiet &= lanes[i].TryRunAll(ref lastSeen[i]);
        }
        while (!isQuiet);
    }
}
