namespace EvlActors;

/// <summary>A ring in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Name">"inbound" (to the in-band side) or "outbound" of a cross-buffer, "pipe" of a pipe.</param>
/// <param name="Fill">The bytes in it.</param>
/// <param name="Size">The bytes that fit in.</param>
public sealed record RingSnapshot(string Name, int Fill, int Size)
{
    /// <summary>Such as "inbound ring: 16 of 1024 bytes".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} ring: {Fill} of {Size} bytes";
}
