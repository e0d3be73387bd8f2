using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>The timer's handler wakes the user thread asleep in PULSE; it stamps, and brings the stamp with its next PULSE.</summary>
internal sealed class UserRunner(LatmusDevice device, LatmusSetup setup, LatmusJob job) : LatmusRunner(device, setup, job)
{
    private readonly WaitQueue _pulsers = new();

    internal override async IoTask Pulse(IoCall call, long stampNs)
    {
        if (stampNs != 0)
        {
            // A stamp from the future would have the schedule wait for it.
            await Answer(call, Math.Min(stampNs, NowNs));
            if (!IsInRound)
                return Errno.EPIPE;
        }
        while (!IsDue)
        {
            if (IsGone)
                return Errno.EIDRM;
            if (await _pulsers.Wait(call) is { IsError: true } ended)
                return ended;
        }
        return 0;
    }

    internal override IoTask Destroy(IoContext context)
    {
        _pulsers.Flush();
        return base.Destroy(context);
    }

    protected override IoTask Respond(InterruptContext interrupt)
    {
        _pulsers.WakeAll();
        return SysResult.Ok();
    }

    protected override void RoundEnded() => _pulsers.Flush(Errno.EPIPE);
}
