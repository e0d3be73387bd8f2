using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors.Calls;

/// <summary>What every actor of a machine shares: engine, events, log, and the stages' addresses.</summary>
internal sealed class MachineContext(IActorEngine engine, ILogger log)
{
    private long _fileIds;
    private int _tableIds;
    private int _pids;
    private int _tids;
    private int _ownTids;
    private long _openFiles;
    private int _threads;
    private volatile FaultInjector? _injector;
    private ActorRef? _lateMessages;

    /// <summary>Whether the execution time of threads is measured; set once, when the machine starts.</summary>
    internal bool RunStatistics { get; init; }

    /// <summary>CPUs 0 to this, exclusive, are there for kernel threads.</summary>
    internal int OnlineCpus { get; init; } = 1;

    internal IActorEngine Engine { get; } = engine;

    internal ILogger Log { get; } = log;

    internal MachineEvents Events { get; } = new(engine, log);

    /// <summary>Sees the bytes of every ring that is opened from now on; null: nobody looks.</summary>
    internal IRingWatch? RingWatch { get; set; }

    /// <summary>How many open file descriptions there may be.</summary>
    internal long MaxOpenFiles { get; init; } = long.MaxValue;

    /// <summary>How many registrations the epolls of one user may have.</summary>
    internal long MaxEpollWatches { get; init; } = long.MaxValue;

    /// <summary>The in-band stage; set once, when the machine starts.</summary>
    internal ActorRef InBandStage { get; set; } = null!; // set by the machine before anything runs

    /// <summary>The out-of-band stage; set once, when the machine starts.</summary>
    internal ActorRef OobStage { get; set; } = null!; // set by the machine before anything runs

    /// <summary>Hears of actors that fail; set once, when the machine starts.</summary>
    internal ActorRef Supervisor { get; set; } = null!; // set by the machine before anything runs

    /// <summary>What makes points fail; null: no point is configured.</summary>
    internal FaultInjector? Injector
    {
        get => _injector;
        set => _injector = value;
    }

    /// <summary>Keeps what faults put off; there since the first was.</summary>
    internal ActorRef LateMessages
    {
        get
        {
            if (Volatile.Read(ref _lateMessages) is { } kept)
                return kept;
            ActorRef made = Engine.Spawn(new LateMessages(), new SpawnOptions("late", Supervisor: Supervisor));
            if (Interlocked.CompareExchange(ref _lateMessages, made, null) is not { } first)
                return made;
            Engine.Stop(made);
            return first;
        }
    }

    /// <summary>Whether a fault point fails this time. While none is configured that is a look at one field.</summary>
    /// <param name="point">The point.</param>
    /// <param name="call">The call that meets it, or null.</param>
    /// <param name="where">What is about to be done; a constant.</param>
    /// <param name="size">How much is asked for.</param>
    internal bool ShouldFail(FaultPoint point, Call? call, string where, long size = 1) =>
        _injector is { } injector && injector.ShouldFail(point, call, where, size);

    internal long NextFileId() => Interlocked.Increment(ref _fileIds);

    internal int NextTableId() => Interlocked.Increment(ref _tableIds);

    internal int NextTid() => Interlocked.Increment(ref _tids);

    /// <summary>The number of a thread of the machine's own, which nobody outside can name: negative.</summary>
    internal int NextOwnTid() => Interlocked.Decrement(ref _ownTids);

    internal int NextPid() => Interlocked.Increment(ref _pids);

    /// <summary>Counts open file descriptions that are about to be made; false: that would be too many, none is counted.</summary>
    internal bool TryCountFiles(int files)
    {
        if (Interlocked.Add(ref _openFiles, files) <= MaxOpenFiles)
            return true;
        Interlocked.Add(ref _openFiles, -files);
        return false;
    }

    /// <summary>Counts open file descriptions that a call is about to make.</summary>
    /// <returns>None; ENFILE, ENOMEM: none is counted.</returns>
    internal Errno CountFiles(Call call, int files)
    {
        if (ShouldFail(FaultPoint.OpenFile, call, "an open file") || !TryCountFiles(files))
            return Errno.ENFILE;
        if (!ShouldFail(FaultPoint.Allocation, call, "an open file"))
            return Errno.None;
        Interlocked.Add(ref _openFiles, -files);
        return Errno.ENOMEM;
    }

    /// <summary>An open file description is gone; said before the call that ended it is answered.</summary>
    internal void FileGone() => Interlocked.Decrement(ref _openFiles);

    internal long OpenFiles => Volatile.Read(ref _openFiles);

    /// <summary>How many user threads have an actor; dead ones go soon.</summary>
    internal int Threads => Volatile.Read(ref _threads);

    /// <summary>An actor is made for a user thread.</summary>
    internal void CountThread() => Interlocked.Increment(ref _threads);

    /// <summary>The actor of a user thread has stopped.</summary>
    internal void ThreadGone() => Interlocked.Decrement(ref _threads);

    /// <summary>A call that the in-band stage makes itself on behalf of a process, as a thread of it that nobody can interrupt.</summary>
    internal Call NewStageCall(ProcessInfo process, SyscallNumber nr)
    {
        var thread = new ThreadInfo(NextOwnTid(), process, "in-band", SchedPolicy.Other, 0) { Actor = InBandStage };
        var call = new Call(thread) { Credentials = process.Credentials, Files = process.Files };
        call.Begin(nr, -1, default, 0, 0, null);
        return call;
    }
}
