using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>A call that waits while a signal handler runs, and the mask that the thread gets back after it.</summary>
internal readonly record struct SetAside(Call Call, ulong Mask);
