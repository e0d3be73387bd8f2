using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>A device node of the namespace and the device behind it.</summary>
internal sealed class DeviceNode(string path, Func<CharDevice> factory, Actors.Placement placement, FileOperations operations)
{
    internal string Path { get; } = path;

    internal Func<CharDevice> Factory { get; } = factory;

    /// <summary>The lane of the device and its files, fixed when the node was added.</summary>
    internal Actors.Placement Placement { get; } = placement;

    internal FileOperations Operations { get; } = operations;

    /// <summary>The driver that was made when the node was added; the first device takes it.</summary>
    internal CharDevice? FirstDriver { get; set; }

    /// <summary>The device; null: the next open spawns one.</summary>
    internal DeviceRef? Device { get; set; }

    /// <summary>The element that the node belongs to, or null.</summary>
    internal Element? Element { get; init; }
}
