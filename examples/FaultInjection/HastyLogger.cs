using EvlActors.Drivers;

namespace FaultInjection;

/// <summary>The race: its release frees the records while a forwarder may still be inside.</summary>
internal sealed class HastyLogger : LoggerDevice
{
    protected override async IoTask Release(IoCall call)
    {
        WakeForwarders();
        FreeRecords();
        await call.File.ReleaseOob();
        return 0;
    }
}
