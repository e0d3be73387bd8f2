using EvlActors.Drivers;

namespace EvlActors.Behaviour.InBand;

/// <summary>A driver without any handler.</summary>
public sealed class EmptyDevice : CharDevice;
