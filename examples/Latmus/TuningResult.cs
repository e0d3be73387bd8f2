using System.Buffers.Binary;

namespace Latmus;

/// <summary>What RUN gives after tuning: the gravity chosen, in ns, as an s32.</summary>
internal static class TuningResult
{
    /// <summary>How long the buffer must be, exactly.</summary>
    public const int Size = sizeof(int);

    /// <summary>Reads the gravity.</summary>
    public static int Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt32LittleEndian(from);

    /// <summary>Writes the gravity.</summary>
    public static void Write(Span<byte> to, int gravity) => BinaryPrimitives.WriteInt32LittleEndian(to, gravity);
}
