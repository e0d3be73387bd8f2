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

    /// <summary>The in-band stage; set once, when the machine starts.</summary>
    internal ActorRef InBandStage { get; set; } = null!; // set by the machine before anything runs

    /// <summary>The out-of-band stage; set once, when the machine starts.</summary>
    internal ActorRef OobStage { get; set; } = null!; // set by the machine before anything runs

    /// <summary>Hears of actors that fail; set once, when the machine starts.</summary>
    internal ActorRef Supervisor { get; set; } = null!; // set by the machine before anything runs

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
