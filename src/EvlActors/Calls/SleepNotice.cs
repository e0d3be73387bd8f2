using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Tells a thread's actor where its call went to sleep, so that an interrupt finds it.</summary>
internal sealed class SleepNotice : Message
{
    internal Call Call = null!; // set when rented

    internal long CallNumber;

    internal int SleepNumber;

    /// <summary>Whether an interrupt can end the sleep.</summary>
    internal bool IsInterruptible;

    /// <summary>The actor in which the call sleeps.</summary>
    internal ActorRef Where = null!; // set when rented

    /// <summary>The sleeper there, as that actor knows it.</summary>
    internal object Sleeper = null!; // set when rented

    /// <summary>Does nothing: a thread that has ended interrupts nobody.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
