using EvlActors.Drivers;

namespace EvlActors.Behaviour.InBand;

/// <summary>A driver whose files are oob but which has no oob operation; read is there.</summary>
public sealed class OobOnlyDevice : CharDevice
{
    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Read(IoCall call) => SysResult.Ok(call.Count);
}
