using System.Buffers.Binary;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>A date or duration. Counterpart of <c>struct __evl_timespec</c>.</summary>
/// <param name="Seconds">tv_sec.</param>
/// <param name="Nanoseconds">tv_nsec; 0 to 999,999,999, else calls answer EINVAL.</param>
public readonly record struct EvlTimespec(long Seconds, long Nanoseconds)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The same from nanoseconds.</summary>
    /// <param name="ns">The nanoseconds; not negative.</param>
    /// <returns>The date or duration.</returns>
    public static EvlTimespec FromNs(long ns) => new(ns / NsPerSecond, ns % NsPerSecond);

    internal bool IsValid => Nanoseconds is >= 0 and < NsPerSecond;

    /// <summary>From its two words of 8 bytes.</summary>
    internal static EvlTimespec Read(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadInt64LittleEndian(from[sizeof(long)..]));

    internal long Ns => Dates.Ns(Seconds, Nanoseconds);
}
