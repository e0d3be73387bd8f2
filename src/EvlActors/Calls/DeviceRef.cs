using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>One incarnation of a device as the other actors know it: where it is and what it can do.</summary>
internal sealed class DeviceRef(string name, FileOperations operations, DeviceTraits traits)
{
    /// <summary>The level of a device that publishes none.</summary>
    internal const PollEvents UnknownLevel = (PollEvents)uint.MaxValue;

    private uint _level = (uint)UnknownLevel;

    internal string Name { get; } = name;

    /// <summary>What its driver overrides; set again by its actor when that makes the driver, before the first file is open.</summary>
    internal FileOperations Operations { get; set; } = operations;

    /// <summary>The bytes of one read and of one write at most; set as <see cref="Operations"/> is.</summary>
    internal (int Read, int Write) MostTransferred { get; set; } = (int.MaxValue, int.MaxValue);

    internal DeviceTraits Traits { get; } = traits;

    /// <summary>
    /// What its files are ready for, if that is the same for all and nothing else has to be asked: what its Poll would answer at
    /// this moment. Written by its actor before it tells pollers of a change, and before the call that changed it is answered; read by anybody.
    /// </summary>
    internal PollEvents Level
    {
        get => (PollEvents)Volatile.Read(ref _level);
        set => Volatile.Write(ref _level, (uint)value);
    }

    /// <summary>The device's actor; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the device, before the reference is passed on
}
