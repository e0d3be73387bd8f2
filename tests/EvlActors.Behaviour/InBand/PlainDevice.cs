using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver without operations.</summary>
internal sealed class PlainDevice : CharDevice;
