namespace EvlActors.InBand;

/// <summary>A node of the namespace: a path, who may open it, and what it leads to.</summary>
internal sealed class DeviceNode(string path, Cdev cdev)
{
    private const int Read = 4;
    private const int Write = 2;

    internal string Path { get; } = path;

    internal Cdev Cdev { get; } = cdev;

    /// <summary>The number that tells the driver which of its nodes was opened; 0: it has none.</summary>
    internal DeviceNumber Number { get; init; }

    internal NodeAccess Access { get; init; } = NodeAccess.Everybody;

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
