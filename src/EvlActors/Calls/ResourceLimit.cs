using System.Buffers.Binary;

namespace EvlActors;

/// <summary>A soft and a hard limit. Counterpart of <c>struct rlimit</c>.</summary>
/// <param name="Soft">The limit in force.</param>
/// <param name="Hard">What the soft limit can be raised to.</param>
public readonly record struct ResourceLimit(ulong Soft, ulong Hard)
{
    /// <summary>The size of <c>struct rlimit</c>, in bytes.</summary>
    public const int Bytes = 16;

    /// <summary>RLIM_INFINITY: no limit.</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>Reads what getrlimit(2) has written.</summary>
    /// <param name="memory">At least <see cref="Bytes"/> bytes.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too short.</exception>
    public static ResourceLimit ReadFrom(ReadOnlySpan<byte> memory) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(memory), BinaryPrimitives.ReadUInt64LittleEndian(memory[8..]));

    /// <summary>Writes it as <c>struct rlimit</c>.</summary>
    /// <param name="memory">At least <see cref="Bytes"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too short.</exception>
    public void WriteTo(Span<byte> memory)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(memory, Soft);
        BinaryPrimitives.WriteUInt64LittleEndian(memory[8..], Hard);
    }
}
