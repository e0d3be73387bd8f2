namespace EvlActors.Xbufs;

/// <summary>Reserved bytes of a ring.</summary>
/// <param name="Start">Where they begin in the storage.</param>
/// <param name="Count">How many; they go on at the beginning of the storage if they cross its end.</param>
internal readonly record struct RingSlot(int Start, int Count);
