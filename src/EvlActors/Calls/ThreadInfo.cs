using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>A user thread as the other actors know it. Immutable but for what its own actor owns.</summary>
internal sealed class ThreadInfo(int tid, ProcessInfo process, string name, SchedPolicy policy, int priority)
{
    private const long FirstOwnCall = 1L << 32;

    private PollArguments? _sparePollArguments;
    private bool _isInBand = true;
    private int _attachment;
    private long _lastCall;
    private long _lastOwnCall = FirstOwnCall;
    private TaskSnapshot _sleep = TaskSnapshot.Running; // the one that it is in, or was in last
    private bool _isAsleep;
    private bool _isDead;

    internal int Tid { get; } = tid;

    internal ProcessInfo Process { get; } = process;

    internal string Name { get; } = name;

    internal SchedPolicy Policy { get; } = policy;

    /// <summary>The nominal priority, 1 to 99 for FIFO and RR, else 0.</summary>
    internal int Priority { get; } = priority;

    /// <summary>
    /// Rents the arguments of a call that polls; the call gives them back at its next use, so two are in use at times. By the
    /// thread's body, which alone makes such calls.
    /// </summary>
    internal PollArguments RentPollArguments()
    {
        if (_sparePollArguments is not { } arguments)
            return new PollArguments();
        _sparePollArguments = arguments.NextSpare;
        arguments.NextSpare = null;
        return arguments;
    }

    internal void Return(PollArguments arguments)
    {
        arguments.NextSpare = _sparePollArguments;
        _sparePollArguments = arguments;
    }

    /// <summary>What runs its poll and select; made at the first, owned by the in-band stage.</summary>
    internal ActorRef? PollWaiter { get; set; }

    /// <summary>The thread's actor; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the thread, before the identity is passed on

    /// <summary>The signals that it blocks at first, inherited by fork.</summary>
    internal ulong FirstMask { get; init; }

    /// <summary>Whether it exists only to end its process: no signal is for it.</summary>
    internal bool IsReaper { get; init; }

    /// <summary>Whether it is in-band; written by its own actor, read by anybody.</summary>
    internal bool IsInBand
    {
        get => Volatile.Read(ref _isInBand);
        set => Volatile.Write(ref _isInBand, value);
    }

    /// <summary>Which of its attachments is in force; 0: none. Written by its own actor; a call of the thread finds it settled.</summary>
    internal int Attachment
    {
        get => Volatile.Read(ref _attachment);
        set => Volatile.Write(ref _attachment, value);
    }

    /// <summary>What it does; read by anybody.</summary>
    internal TaskSnapshot Task =>
        Volatile.Read(ref _isDead) ? TaskSnapshot.Dead : Volatile.Read(ref _isAsleep) ? Volatile.Read(ref _sleep) : TaskSnapshot.Running;

    /// <summary>Its call falls asleep; said by the actor that has the call.</summary>
    internal void Sleeps(TaskSnapshot where)
    {
        // Mostly where it slept last: a store of a reference costs more than the question.
        if (!ReferenceEquals(_sleep, where))
            Volatile.Write(ref _sleep, where);
        Volatile.Write(ref _isAsleep, true);
    }

    /// <summary>The sleep of its call has ended; said by the actor that has the call.</summary>
    internal void Runs() => Volatile.Write(ref _isAsleep, false);

    /// <summary>It has ended, whatever becomes of a call that it left: that may be woken later.</summary>
    internal void Dies() => Volatile.Write(ref _isDead, true);

    /// <summary>The thread as its application has it; set before any call of it.</summary>
    internal IThreadFace? Face { get; set; }

    /// <summary>
    /// The number of the thread's next call. Those that its body makes, one at a time, count from 1; those that its actor makes for
    /// an outside actor from 2^32: so both count without interlocked operations, and no two calls have the same number.
    /// </summary>
    internal long NextCallNumber(bool byActor) => byActor ? ++_lastOwnCall : ++_lastCall;
}
