using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver with an open policy, whose open can be told to fail, and to take its time.</summary>
internal sealed class GuardedDevice : CharDevice
{
    internal GuardedDevice(OpenPolicy policy) => Access = policy;

    internal Errno OpenResult { get; set; }

    internal bool OpenThrows { get; set; }

    internal Task? OpenWaits { get; set; }

    internal int Opens { get; private set; }

    internal int Releases { get; private set; }

    internal List<object?> Seen { get; } = [];

    protected internal override async IoTask Open(IoCall call)
    {
        Opens++;
        Seen.Add(call.File.PrivateData);
        if (OpenWaits is { } wait)
            await wait;
        return OpenThrows ? throw new InvalidOperationException("planted") : OpenResult;
    }

    protected internal override IoTask Release(IoCall call)
    {
        Releases++;
        return SysResult.Ok();
    }
}
