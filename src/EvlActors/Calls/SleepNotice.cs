using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells a thread's actor where its call went to sleep, so that an interrupt finds it.</summary>
internal sealed class SleepNotice(Call call) : Message
{
    internal Call Call { get; } = call;

    internal long CallNumber { get; private set; }

    internal int SleepNumber { get; private set; }

    /// <summary>Whether an interrupt can end the sleep.</summary>
    internal bool IsInterruptible { get; private set; }

    /// <summary>The actor in which the call sleeps.</summary>
    internal ActorRef Where { get; private set; } = null!; // said before it is sent

    /// <summary>The sleeper there, as that actor knows it.</summary>
    internal object Sleeper { get; private set; } = null!; // said before it is sent

    /// <summary>Says of which sleep it is. Mostly in the same place as the last: a store of a reference costs more than the question.</summary>
    internal void Say(ActorRef where, object sleeper, bool isInterruptible)
    {
        CallNumber = Call.Number;
        // It is for the thread that waits for the call, as the call is.
        if (!ReferenceEquals(Caller, Call.Caller))
            Caller = Call.Caller;
        SleepNumber = Call.SleepNumber;
        IsInterruptible = isInterruptible;
        if (!ReferenceEquals(Where, where))
            Where = where;
        if (!ReferenceEquals(Sleeper, sleeper))
            Sleeper = sleeper;
    }

    /// <summary>Does nothing: a thread that has ended interrupts nobody.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
