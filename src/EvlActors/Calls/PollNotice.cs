using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Tells the asker that something happened to a file that it watches. There is one for a watch: the device has it while armed,
/// posts it once, and notes what happens until it has it again.
/// </summary>
internal sealed class PollNotice(PollQuery query) : Message
{
    internal PollQuery Query { get; } = query;

    /// <summary>What happened; 0: something, without saying what.</summary>
    internal PollEvents Bits;

    /// <summary>On the way back to the device: nobody waits here, tell the next exclusive watcher too.</summary>
    internal bool PassOn;

    /// <summary>Does nothing: the asker has ended, or the file's device.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
