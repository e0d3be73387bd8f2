using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>One incarnation of a device as the other actors know it: where it is and what it can do.</summary>
internal sealed class DeviceRef(string name, FileOperations operations, DeviceTraits traits)
{
    internal string Name { get; } = name;

    /// <summary>What its driver overrides; set again by its actor when that makes the driver, before the first file is open.</summary>
    internal FileOperations Operations { get; set; } = operations;

    /// <summary>The bytes of one read and of one write at most; set as <see cref="Operations"/> is.</summary>
    internal (int Read, int Write) MostTransferred { get; set; } = (int.MaxValue, int.MaxValue);

    internal DeviceTraits Traits { get; } = traits;

    /// <summary>The device's actor; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the device, before the reference is passed on
}
