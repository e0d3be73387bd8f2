using System.Buffers.Binary;

namespace WorkerService;

/// <summary>What the sensor measured, and when, in nanoseconds of the machine's monotonic clock.</summary>
internal readonly record struct Reading(long TimeNs, double Degrees)
{
    /// <summary>Its size in buffers.</summary>
    internal const int Bytes = sizeof(long) + sizeof(double);

    internal void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, TimeNs);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[sizeof(long)..], Degrees);
    }

    internal static Reading Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadDoubleLittleEndian(bytes[sizeof(long)..]));
}
