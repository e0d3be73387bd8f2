using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>A <see cref="KernelTransfer"/> as the cross-buffer's device runs it; it sleeps there on its origin's behalf.</summary>
internal sealed class TransferContext(KernelTransfer transfer) : IoContext
{
    internal KernelTransfer Transferred { get; } = transfer;

    public override bool CanSleep => Transferred.Origin.CanSleep;

    internal override bool IsOob => true;

    internal override Call? Call => Transferred.Origin.Call;

    internal override void NoteSleep()
    {
        if (Call is not { } call)
            return;
        SleepNumber = ++call.SleepNumber;
        SleepNotice notice = call.RentNotice();
        notice.Where = Device.Self;
        notice.Sleeper = this;
        call.Thread.Actor.Tell(notice, call.CallRank);
    }

    internal override void Ended(SysResult result) => Transferred.Answer(result);
}
