using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>The nodes and directories of a machine: resolves paths, and knows which device is behind a node now.</summary>
internal sealed class DeviceNamespace(MachineContext context)
{
    /// <summary>The longest component of a path, in characters.</summary>
    internal const int MaxComponent = 255;

    private const int MaxPath = 4095;

    private readonly Dictionary<string, DeviceNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/", "/dev", "/dev/evl" };
    private readonly Dictionary<DeviceRef, DeviceNode> _nodeOfDevice = [];
    private readonly HashSet<DeviceRef> _nodeless = [];

    /// <summary>The devices behind nodes that were opened, and those that drivers made.</summary>
    internal IEnumerable<DeviceRef> Devices => _nodeOfDevice.Keys.Concat(_nodeless);

    internal void Add(DeviceNode node)
    {
        _nodes[node.Path] = node;
        for (int slash = node.Path.LastIndexOf('/'); slash > 0; slash = node.Path.LastIndexOf('/', slash - 1))
            _directories.Add(node.Path[..slash]);
    }

    /// <summary>A driver made a device that has no node.</summary>
    internal void Add(DeviceRef device) => _nodeless.Add(device);

    /// <summary>The last file of a device that ends with it is gone.</summary>
    internal void OnGone(DeviceRef device) => _nodeless.Remove(device);

    internal void Remove(string path) => _nodes.Remove(path);

    /// <summary>The device behind a node; the first open spawns it.</summary>
    internal DeviceRef DeviceOf(DeviceNode node)
    {
        if (node.Device is { } device)
            return device;
        node.Device = DeviceSpawner.Spawn(
            context, node.Path, node.Operations, DeviceTraits.None, node.Placement, node.Factory, node.FirstDriver);
        node.FirstDriver = null;
        _nodeOfDevice[node.Device] = node;
        return node.Device;
    }

    /// <summary>A device has failed: the next open of its node spawns a fresh one.</summary>
    internal void OnFailed(DeviceRef device)
    {
        _nodeless.Remove(device);
        if (_nodeOfDevice.Remove(device, out DeviceNode? node))
            node.Device = null;
    }

    /// <summary>Finds the node that an open names; in the order of the tests of open(2).</summary>
    internal Errno Resolve(string path, OpenFlags flags, out DeviceNode? node)
    {
        node = null;
        if (path.Length > MaxPath)
            return Errno.ENAMETOOLONG;
        if (path.Length == 0)
            return Errno.ENOENT;
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string at = "";
        for (int i = 0; i < components.Length; i++)
        {
            if (components[i].Length > MaxComponent)
                return Errno.ENAMETOOLONG;
            at += "/" + components[i];
            bool isLast = i == components.Length - 1;
            if (!isLast && _nodes.ContainsKey(at))
                return Errno.ENOTDIR;
            if (!isLast && !_directories.Contains(at))
                return Errno.ENOENT;
        }
        if (_directories.Contains(at.Length == 0 ? "/" : at))
            return (flags & OpenFlags.AccessMode) == OpenFlags.ReadOnly ? Errno.EACCES : Errno.EISDIR;
        if (!_nodes.TryGetValue(at, out node))
            return (flags & OpenFlags.Create) != 0 ? Errno.EACCES : Errno.ENOENT;
        if ((flags & OpenFlags.Create) != 0 && (flags & OpenFlags.Exclusive) != 0)
            return Errno.EEXIST;
        if ((flags & OpenFlags.Directory) != 0)
            return Errno.ENOTDIR;
        return (flags & OpenFlags.AccessMode) == OpenFlags.AccessMode ? Errno.EINVAL : Errno.None;
    }
}
