using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>The element of an attached thread, as a file. Counterpart of <c>struct evl_thread</c> in its role of an element.</summary>
internal sealed class ThreadElement : CharDevice
{
    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        call.File.Stream();
        return SysResult.Ok();
    }
}
