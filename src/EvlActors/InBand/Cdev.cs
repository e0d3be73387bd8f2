using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>What one or several nodes lead to: how its device is made, and the device there is now. Counterpart of
/// <c>struct cdev</c>.</summary>
internal sealed class Cdev(string name, Func<CharDevice> factory, Placement placement, FileOperations operations)
{
    internal string Name { get; } = name;

    internal Func<CharDevice> Factory { get; } = factory;

    /// <summary>The lane of the device and its files, fixed when it was added.</summary>
    internal Placement Placement { get; } = placement;

    internal FileOperations Operations { get; } = operations;

    internal DeviceTraits Traits { get; init; }

    /// <summary>The driver that was made when it was added; the first device takes it.</summary>
    internal CharDevice? FirstDriver { get; set; }

    /// <summary>The device; null: the next open spawns one.</summary>
    internal DeviceRef? Device { get; set; }

    /// <summary>How many opens were sent to the device that there is now.</summary>
    internal int Opens { get; set; }

    /// <summary>The nodes that lead to it.</summary>
    internal int Nodes { get; set; }
}
