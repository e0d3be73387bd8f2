namespace EvlActors.Calls;

/// <summary>What the VFS has to know about a class of device beyond its operations.</summary>
[Flags]
internal enum DeviceTraits
{
    None = 0,

    /// <summary>It exists for one element and ends with its last file.</summary>
    Element = 1,

    /// <summary>It is a regular file: calls that use the position of one open file wait for each other.</summary>
    Regular = 8,

    /// <summary>It is an element that can outlive its files: it does not end by itself.</summary>
    Pinned = 16,

    /// <summary>It is a cross-buffer: evl_get_xbuf accepts it.</summary>
    Xbuf = 2,

    /// <summary>Its files are epolls.</summary>
    Epoll = 4,
}
