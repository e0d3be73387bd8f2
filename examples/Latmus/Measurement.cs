using System.Buffers.Binary;

namespace Latmus;

/// <summary>
/// What one second of samples amounts to, as the driver sends it through the cross-buffer: 24 bytes, little-endian.
/// Counterpart of <c>struct latmus_measurement</c>.
/// </summary>
/// <param name="Sum">The sum of the latencies, in ns.</param>
/// <param name="Min">The smallest, in ns; negative: an early shot.</param>
/// <param name="Max">The largest, in ns.</param>
/// <param name="Overruns">Full periods missed.</param>
/// <param name="Samples">How many samples there were.</param>
internal readonly record struct Measurement(long Sum, int Min, int Max, uint Overruns, uint Samples)
{
    /// <summary>Its size on the wire, in bytes.</summary>
    public const int Size = 24;

    /// <summary>The average in ns, by integer division; there must be a sample.</summary>
    public long Average => Sum / Samples;

    /// <summary>Reads one from the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public static Measurement Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt64LittleEndian(from),
        BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));

    /// <summary>Writes it to the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, Sum);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], Min);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Max);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], Overruns);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], Samples);
    }
}
