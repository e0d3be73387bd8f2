using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// An event of a file that is to be told by a signal: from the device to the open file, which knows owner and signal, and on to
/// the in-band stage, which finds the owner. Head-ranked. If an in-band call made it happen it comes back to the device when the
/// signal has found its place, and only then is the call answered: a thread that signals itself runs its handler before that.
/// </summary>
internal sealed class KillFasync(OpenFileRef file) : Message
{
    internal OpenFileRef File { get; } = file;

    // Set by the device.
    internal Signal Named;
    internal PollCode Code;
    internal int Fd;

    // Whom it comes back to when it is settled: the device, for the handler that waits; null: nobody waits.
    internal ActorRef? Notifier;
    internal object? Waiter;

    // Set by the open file.
    internal FileOwner Owner;
    internal SigInfo Info;
    internal Credentials Sender = Credentials.Root;

    /// <summary>The signal has found its place, or there is nobody to tell.</summary>
    internal void Settled()
    {
        if (Notifier is not { } notifier)
        {
            File.Return(this);
            return;
        }
        Notifier = null;
        notifier.Tell(this, Rank.InBand);
    }

    /// <summary>Settled: a file that has gone has nobody to tell. A machine that has ended has nobody who waits either.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (reason != UndeliverableReason.EngineDisposed)
            Settled();
    }
}
