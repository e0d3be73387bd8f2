using EvlActors;
using EvlActors.Drivers;

namespace Latmus.Tests;

/// <summary>Makes a thread late: its oob_ioctl takes as many ns as the argument says.</summary>
internal sealed class DelayDevice : CharDevice
{
    public const string Path = "/dev/delay";

    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected override async IoTask OobIoctl(IoCall call)
    {
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
