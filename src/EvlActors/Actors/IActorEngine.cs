namespace EvlActors.Actors;

/// <summary>
/// Runs actors, and is the only source of time, randomness, threads and scheduling. The contract:
/// <list type="number">
/// <item>One message at a time per actor.</item>
/// <item>Ranks and causal delivery as <see cref="Rank"/> and <see cref="ActorRef.Tell"/> say.</item>
/// <item><see cref="ActorRef.Tell"/> never blocks and never runs the receiver inside the sender's turn.</item>
/// <item>Every message that won't be handled is <see cref="Message.Undeliverable">undeliverable</see>, exactly once.</item>
/// <item>Code in a turn that is not the machine's own, a listener too, finds no <see cref="SynchronizationContext"/>; a caller's is there again after.</item>
/// </list>
/// </summary>
public interface IActorEngine : IAsyncDisposable
{
    /// <summary>The monotonic clock, in nanoseconds; the machine's CLOCK_MONOTONIC.</summary>
    long MonotonicNs { get; }

    /// <summary>The date and time of day; the machine's CLOCK_REALTIME.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Spawns an actor. Any thread, any actor. Does not block.</summary>
    /// <param name="actor">The actor, spawned once.</param>
    /// <param name="options">Its name, lane and supervisor.</param>
    /// <returns>Where its messages are sent.</returns>
    ActorRef Spawn(Actor actor, SpawnOptions options);

    /// <summary>
    /// Stops an actor: after the turn that is running, if one is, it handles nothing more. Any thread, any actor; a second stop
    /// does nothing.
    /// </summary>
    /// <param name="actor">The actor.</param>
    void Stop(ActorRef actor);

    /// <summary>Makes a door for one outside caller.</summary>
    /// <param name="realTimePriority">0 for an ordinary caller, 1 to 99 for one that is meant to run under SCHED_FIFO.</param>
    /// <returns>The door.</returns>
    Caller CreateCaller(int realTimePriority = 0);

    /// <summary>Arms a timer, or changes the date of an armed one. In a turn of its owner only.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="dueNs">The date, in nanoseconds of <see cref="MonotonicNs"/>; a past one is due at once.</param>
    void Arm(ActorTimer timer, long dueNs);

    /// <summary>Disarms a timer; it is not delivered any more. In a turn of its owner only.</summary>
    /// <param name="timer">The timer.</param>
    void Disarm(ActorTimer timer);

    /// <summary>Draws 64 random bits.</summary>
    /// <returns>The bits.</returns>
    ulong NextRandom();

    /// <summary>Runs an asynchronous body; its continuations run where the engine says.</summary>
    /// <param name="body">The body.</param>
    /// <returns>Completes with the body.</returns>
    Task RunBody(Func<Task> body);

    /// <summary>Runs a body that may block on a thread of its own, under the priority it asks for where that is permitted.</summary>
    /// <param name="options">Name, priority and CPU of the thread.</param>
    /// <param name="body">The body.</param>
    /// <returns>Completes with the body.</returns>
    Task StartThread(ThreadOptions options, Action body);

    /// <summary>A handler began to await something that is no actor's: the engine can't know when it comes back.</summary>
    void ForeignWaitBegun();

    /// <summary>The counterpart of <see cref="ForeignWaitBegun"/>, once for each.</summary>
    void ForeignWaitEnded();
}
