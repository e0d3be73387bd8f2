using EvlActors.Drivers;

namespace WritingDrivers;

/// <summary>A driver without any operation.</summary>
internal sealed class EmptyDevice : CharDevice;
