namespace EvlActors;

/// <summary>An open file description in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Id">Its id, as in events.</param>
/// <param name="Device">Its device's name.</param>
/// <param name="Flags">The status flags and the access mode.</param>
/// <param name="Position">The position.</param>
/// <param name="InBandCount">The in-band references: descriptors, mappings and calls under way. <c>f_count</c>.</param>
/// <param name="OobCount">The oob references, its own first one included; 0 of a file without oob context.</param>
/// <param name="IsOob">Whether it has an oob context.</param>
/// <param name="IsReleasing">Whether its last in-band reference is gone: it ends when its driver and its oob references let it.</param>
public sealed record OpenFileSnapshot(
    long Id, string Device, OpenFlags Flags, long Position, long InBandCount, long OobCount, bool IsOob, bool IsReleasing)
{
    /// <summary>Such as "file 7 of /dev/x: 2 in-band references, 1 oob, being released".</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"file {Id} of {Device}: {InBandCount} in-band references{(IsOob ? $", {OobCount} oob" : "")}{(IsReleasing ? ", being released" : "")}";
}
