using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Ends the sleep of a thread's call with EINTR, now or when it next sleeps, while the call is under way; head-ranked.
/// Counterpart of evl_unblock_thread; a cancellation names its call.
/// </summary>
internal sealed class Unblock(long? callNumber = null) : Message
{
    /// <summary>The call that is meant; null: the one under way.</summary>
    internal long? CallNumber { get; } = callNumber;

    /// <summary>Does nothing: the thread has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
