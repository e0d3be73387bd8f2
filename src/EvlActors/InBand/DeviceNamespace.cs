using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>The nodes and directories of a machine: resolves paths, and knows which device is behind a node now.</summary>
internal sealed class DeviceNamespace
{
    /// <summary>The longest component of a path, in characters.</summary>
    internal const int MaxComponent = 255;

    private const int MaxPath = 4095;

    private static readonly FileOperations s_directoryOperations = CharDevice.OperationsOf(typeof(DirectoryDevice));
    private static readonly NodeAccess s_directoryAccess = new() { Mode = 0b111_101_101 };

    private readonly MachineContext _context;
    private readonly Dictionary<string, DeviceNode> _nodes = new(StringComparer.Ordinal);

    // Those that nodes brought, beside the ones that are always there.
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceRef, Cdev> _cdevOfDevice = [];
    private readonly HashSet<DeviceRef> _nodeless = [];

    private DeviceNode? _directory;

    internal DeviceNamespace(MachineContext context) => _context = context;

    // One device stands behind all directories: they keep nothing.
    private DeviceNode Directory => _directory ??=
        new DeviceNode("/", new Cdev("/", static () => new DirectoryDevice(), Placement.InBand, s_directoryOperations)) { Access = s_directoryAccess };

    /// <summary>
    /// The devices behind nodes that were opened, those of removed nodes too as long as they have files; and those that drivers made.
    /// </summary>
    internal IEnumerable<DeviceRef> Devices => _cdevOfDevice.Keys.Concat(_nodeless);

    internal void Add(DeviceNode node)
    {
        _nodes[node.Path] = node;
        node.Cdev.Nodes++;
        for (int slash = node.Path.LastIndexOf('/'); slash > 0; slash = node.Path.LastIndexOf('/', slash - 1))
        {
            if (!IsAlwaysThere(node.Path.AsSpan(0, slash)))
                _directories.Add(node.Path[..slash]);
        }
    }

    /// <summary>A driver made a device that has no node.</summary>
    internal void Add(DeviceRef device) => _nodeless.Add(device);

    /// <summary>The last file of a device that ends with it is gone.</summary>
    internal void OnGone(DeviceRef device)
    {
        _nodeless.Remove(device);
        _cdevOfDevice.Remove(device);
    }

    internal void Remove(string path) => _nodes.Remove(path);

    /// <summary>Takes the device away from a node; the last one's ends when its files are closed.</summary>
    internal static void Unbind(DeviceNode node)
    {
        node.IsRemoved = true;
        Cdev cdev = node.Cdev;
        cdev.Nodes--;
        if (cdev.Nodes > 0)
            return;
        cdev.FirstDriver = null;
        cdev.Device?.Actor.Tell(new CdevRemoved(cdev.Opens), Rank.Head);
    }

    /// <summary>The device that an open of a node is for; the first spawns it.</summary>
    internal DeviceRef DeviceFor(DeviceNode node)
    {
        Cdev cdev = node.Cdev;
        if (cdev.Device is null)
        {
            cdev.Device = DeviceSpawner.Spawn(
                _context, cdev.Name, cdev.Operations, cdev.Traits, cdev.Placement, cdev.Factory, cdev.FirstDriver);
            cdev.FirstDriver = null;
            cdev.Opens = 0;
            _cdevOfDevice[cdev.Device] = cdev;
        }
        cdev.Opens++;
        return cdev.Device;
    }

    /// <summary>A device has failed: the next open of its node spawns a fresh one.</summary>
    internal void OnFailed(DeviceRef device)
    {
        _nodeless.Remove(device);
        if (_cdevOfDevice.Remove(device, out Cdev? cdev) && cdev.Device == device)
            cdev.Device = null;
    }

    /// <summary>Finds the node that an open names; the tests of open(2) in their order.</summary>
    internal Errno Resolve(string path, OpenFlags flags, Credentials who, out DeviceNode? node)
    {
        node = null;
        Errno refused = Walk(path, out string at, out bool mustBeDirectory);
        if (refused != Errno.None)
            return refused;
        bool isDirectory = IsDirectory(at);
        if (!isDirectory && !_nodes.TryGetValue(at, out node))
            return (flags & OpenFlags.Create) != 0 ? Errno.EACCES : Errno.ENOENT;
        node ??= Directory;
        if ((flags & OpenFlags.Create) != 0 && (flags & OpenFlags.Exclusive) != 0)
            return Errno.EEXIST;
        if (!isDirectory && (mustBeDirectory || (flags & OpenFlags.Directory) != 0))
            return Errno.ENOTDIR;
        bool isForReading = (flags & (OpenFlags.AccessMode | OpenFlags.Create | OpenFlags.Truncate)) == OpenFlags.ReadOnly;
        if (isDirectory && !isForReading)
            return Errno.EISDIR;
        // O_PATH only names the place: nobody needs a permission for that, and no driver is asked.
        if ((flags & OpenFlags.Path) != 0)
            return Errno.None;
        if (!node.Permits(who, flags))
            return Errno.EACCES;
        if (node.IsRemoved)
            return Errno.ENXIO;
        return (flags & OpenFlags.AccessMode) == OpenFlags.AccessMode ? Errno.EINVAL : Errno.None;
    }

    private static bool IsAlwaysThere(ReadOnlySpan<char> directory) => directory is "/" or "/dev" or "/dev/evl";

    private bool IsDirectory(string path) => IsAlwaysThere(path) || _directories.Contains(path);

    // Follows a path through the directories; the working directory of every process is the root.
    private Errno Walk(string path, out string at, out bool mustBeDirectory)
    {
        at = "/";
        mustBeDirectory = path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal);
        if (path.Length > MaxPath)
            return Errno.ENAMETOOLONG;
        if (path.Length == 0)
            return Errno.ENOENT;
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // Names come before what they lead to: one that is too long is said wherever it stands.
        if (Array.Exists(components, component => component.Length > MaxComponent))
            return Errno.ENAMETOOLONG;
        foreach (string component in components)
        {
            // What was found so far has to be a directory for a component to be looked up in it.
            if (_nodes.ContainsKey(at))
                return Errno.ENOTDIR;
            if (!IsDirectory(at))
                return Errno.ENOENT;
            at = component switch
            {
                "." => at,
                ".." => at[..Math.Max(1, at.LastIndexOf('/'))],
                _ => at.Length == 1 ? "/" + component : $"{at}/{component}",
            };
        }
        return Errno.None;
    }
}
