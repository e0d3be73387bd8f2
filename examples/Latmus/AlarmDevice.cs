using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>
/// An in-band alarm clock on the machine's time, so that a run takes as long as it should on a simulated clock too: an ioctl
/// sleeps for its argument, in ns.
/// </summary>
internal sealed class AlarmDevice : CharDevice
{
    /// <summary>Where the program puts it.</summary>
    internal const string Path = "/dev/latmus-alarm";

    /// <summary>The one command.</summary>
    internal const uint Sleep = 'A' << 8;

    /// <inheritdoc/>
    protected override async IoTask Ioctl(IoCall call)
    {
        if (call.Command != Sleep)
            return Errno.ENOTTY;
        var sleepers = new WaitQueue();
        EvlTimer timer = CreateTimer(_ =>
        {
            sleepers.WakeAll();
            return SysResult.Ok();
        });
        timer.Start(MonotonicNs + call.Argument);
        SysResult woken = await sleepers.Wait(call);
        timer.Destroy();
        return woken;
    }
}
