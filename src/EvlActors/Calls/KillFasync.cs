using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// An event of a file that is to be told by a signal: from the device to the open file, which knows owner and signal, and on to
/// the in-band stage, which finds the owner. Head-ranked, so it is ahead of the answer to the call that made it happen.
/// </summary>
internal sealed class KillFasync(OpenFileRef file) : Message
{
    internal OpenFileRef File { get; } = file;

    // Set by the device.
    internal Signal Named;
    internal PollCode Code;
    internal int Fd;

    // Set by the open file.
    internal FileOwner Owner;
    internal SigInfo Info;
    internal Credentials Sender = Credentials.Root;

    /// <summary>Does nothing: a file that has gone, as a machine that has ended, has nobody to tell.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
