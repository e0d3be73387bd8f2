using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Ends one sleep of one call; head-ranked. A stale number is ignored.</summary>
internal sealed class Interrupt(object sleeper, Call? call, long callNumber, int sleepNumber, Errno reason) : Message
{
    /// <summary>The sleeper, as the receiver knows it.</summary>
    internal object Sleeper { get; } = sleeper;

    /// <summary>The call that sleeps, with <see cref="CallNumber"/>: sleepers and calls are used again. Null: no call's.</summary>
    internal Call? Call { get; } = call;

    internal long CallNumber { get; } = callNumber;

    internal int SleepNumber { get; } = sleepNumber;

    /// <summary>What the sleeper gets: ERESTARTSYS, EINTR or EIO.</summary>
    internal Errno Reason { get; } = reason;

    /// <summary>Does nothing: a stopped actor has woken its sleepers.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
