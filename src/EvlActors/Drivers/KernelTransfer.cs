using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// A read or write of a cross-buffer by driver code: evl_read_xbuf, evl_write_xbuf. Sent to the buffer's device, where it runs
/// as a context of its own, and back as its own answer. Owned by the handler that transfers, which has one.
/// </summary>
internal sealed class KernelTransfer : Message
{
    internal KernelTransfer() => At = new TransferContext(this);

    /// <summary>Who transfers.</summary>
    internal IoContext Origin = null!; // set before it is sent

    /// <summary>The use: one that is interrupted before it arrives, or after it has ended, is told from the others.</summary>
    internal int Number;

    /// <summary>The buffer's device.</summary>
    internal ActorRef Xbuf = null!; // set before it is sent

    /// <summary>What it gets instead of sleeping, or <see cref="Errno.None"/>.</summary>
    internal Errno Refused;

    /// <summary>Whether its origin's own state kept it from sleeping, or ended its sleep.</summary>
    internal bool WasEnded;

    /// <summary>The buffer's file that the origin holds.</summary>
    internal EvlFile File = null!; // set before it is sent

    internal bool IsWrite;

    internal bool NonBlocking;

    /// <summary>Whether its origin may sleep in it; stamped, as an origin that did not await it may have ended.</summary>
    internal bool MayBlock;

    internal Memory<byte> Data;

    internal bool IsAnswer;

    internal SysResult Result;

    /// <summary>What it runs as at the buffer's device.</summary>
    internal TransferContext At { get; }

    /// <summary>Ends its sleep at the buffer, also one that it has not reached yet; in a turn of its origin.</summary>
    internal void Interrupt(Errno reason) => Xbuf.Tell(new InterruptTransfer(At, Number, reason), Rank.Head);

    /// <summary>Sends the transfer back as its own answer.</summary>
    internal void Answer(SysResult result)
    {
        Result = result;
        IsAnswer = true;
        Origin.Device.Self.Tell(this, Origin.Rank);
    }

    /// <summary>Answered: the buffer is gone.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (!IsAnswer)
            Answer(Errno.EIDRM);
    }
}
