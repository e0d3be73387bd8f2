using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>Stands behind directories: they can be opened for reading, but not read here.</summary>
internal sealed class DirectoryDevice : CharDevice
{
    /// <inheritdoc/>
    protected internal override IoTask Read(IoCall call) => SysResult.Error(Errno.EISDIR);
}
