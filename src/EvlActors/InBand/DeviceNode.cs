using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>A node of the namespace and the device behind it.</summary>
internal sealed class DeviceNode(string path, Func<CharDevice> factory, Placement placement, FileOperations operations)
{
    private const int Read = 4;
    private const int Write = 2;

    internal string Path { get; } = path;

    internal Func<CharDevice> Factory { get; } = factory;

    /// <summary>The lane of the device and its files, fixed when the node was added.</summary>
    internal Placement Placement { get; } = placement;

    internal FileOperations Operations { get; } = operations;

    internal DeviceTraits Traits { get; init; }

    internal NodeAccess Access { get; init; } = NodeAccess.Everybody;

    /// <summary>The driver that was made when the node was added; the first device takes it.</summary>
    internal CharDevice? FirstDriver { get; set; }

    /// <summary>The device; null: the next open spawns one.</summary>
    internal DeviceRef? Device { get; set; }

    /// <summary>The element that the node belongs to, or null.</summary>
    internal Element? Element { get; init; }

    /// <summary>Whether its device was removed: the node is left, its opens answer ENXIO.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>Whether somebody may open it with these flags: the owner's bits decide for the owner, the group's for its
    /// members, the others' for the rest.</summary>
    internal bool Permits(Credentials who, OpenFlags flags)
    {
        if (who.Has(Capabilities.DacOverride))
            return true;
        int wanted = (flags & OpenFlags.AccessMode) switch
        {
            OpenFlags.ReadOnly => Read,
            OpenFlags.WriteOnly => Write,
            _ => Read | Write,
        };
        if ((flags & OpenFlags.Truncate) != 0)
            wanted |= Write;
        int shift = who.Euid == Access.Uid ? 6 : who.IsInGroup(Access.Gid) ? 3 : 0;
        return (Access.Mode >> shift & wanted) == wanted;
    }
}
