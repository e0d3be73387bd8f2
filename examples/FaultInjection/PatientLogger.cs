using EvlActors.Drivers;

namespace FaultInjection;

/// <summary>Mended: no out-of-band call is inside any more when its release frees the records.</summary>
internal sealed class PatientLogger : LoggerDevice
{
    protected override async IoTask Release(IoCall call)
    {
        WakeForwarders();
        await call.File.ReleaseOob();
        FreeRecords();
        return 0;
    }
}
