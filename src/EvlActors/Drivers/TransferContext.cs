using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>A <see cref="KernelTransfer"/> as the cross-buffer's device runs it; it sleeps there on its origin's behalf.</summary>
internal sealed class TransferContext(KernelTransfer transfer) : IoContext
{
    private int _interrupted;
    private Errno _reason;

    internal KernelTransfer Transferred { get; } = transfer;

    /// <summary>The use of the transfer that arrived last.</summary>
    internal int Number;

    public override bool CanSleep => Transferred.Origin.CanSleep;

    internal override bool IsOob => true;

    internal override Call? Call => Transferred.Origin.Call;

    /// <summary>Ends its sleep, or the one that it comes for; in a turn of the buffer's device.</summary>
    internal void Interrupt(int number, Errno reason)
    {
        _interrupted = number;
        _reason = reason;
        if (State != WaitState.Asleep || Number != number)
            return;
        Transferred.WasEnded = true;
        Wake(reason);
    }

    // The release of the file has ended the sleeps there; who comes later would sleep on, and keep the release waiting.
    internal override Errno RefuseWait(bool interruptible) => _interrupted == Number ? _reason
        : Transferred.Refused != Errno.None ? Transferred.Refused
        : Transferred.File.IsReleasing ? Errno.EIDRM : Errno.None;

    internal override void WaitRefused() => Transferred.WasEnded = _interrupted == Number || Transferred.Refused != Errno.None;

    internal override void Ended(SysResult result) => Transferred.Answer(result);
}
