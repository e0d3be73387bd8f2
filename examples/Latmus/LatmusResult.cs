using System.Buffers.Binary;

namespace Latmus;

/// <summary>What RUN gives after measuring: the last, partial measurement (24 bytes), then every cell as an s32.</summary>
/// <param name="Last">The samples since the last message; none when <see cref="Measurement.Samples"/> is 0.</param>
/// <param name="Histogram">The distribution; null: none was asked for.</param>
internal sealed record LatmusResult(Measurement Last, LatencyHistogram? Histogram)
{
    /// <summary>How long the buffer must be, exactly: RUN answers EINVAL to any other length.</summary>
    /// <param name="hcells">The cells asked for in the setup; 0: no histogram.</param>
    public static int Size(int hcells) => Measurement.Size + (hcells * sizeof(int));

    /// <summary>Reads a result of as many cells as there are bytes for.</summary>
    /// <exception cref="ArgumentException">The length is that of no result.</exception>
    public static LatmusResult Read(ReadOnlySpan<byte> from)
    {
        int hcells = (from.Length - Measurement.Size) / sizeof(int);
        if (hcells < 0 || Size(hcells) != from.Length)
            throw new ArgumentException($"A result is 24 bytes and 4 for each cell, not {from.Length}.", nameof(from));
        Measurement last = Measurement.Read(from);
        if (hcells == 0)
            return new(last, null);
        int[] cells = new int[hcells];
        for (int i = 0; i < hcells; i++)
            cells[i] = BinaryPrimitives.ReadInt32LittleEndian(from[Size(i)..]);
        return new(last, new LatencyHistogram(cells));
    }

    /// <summary>Writes one without making one: the driver's side.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is too short.</exception>
    public static void Write(Span<byte> to, in Measurement last, LatencyHistogram? histogram)
    {
        last.Write(to);
        ReadOnlySpan<int> cells = histogram is null ? [] : histogram.Cells;
        for (int i = 0; i < cells.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(to[Size(i)..], cells[i]);
    }
}
