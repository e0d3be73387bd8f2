using EvlActors.Drivers;

namespace EvlActors.Benchmarks;

/// <summary>An in-band device that does nothing.</summary>
internal sealed class ZeroDevice : CharDevice
{
    public const string Path = "/dev/null-work";

    protected internal override IoTask Read(IoCall call) => SysResult.Ok(call.Count);
}
