using System.Buffers.Binary;

namespace EvlActors;

/// <summary>Whom an open file tells of its events by a signal. Counterpart of <c>struct f_owner_ex</c>.</summary>
/// <param name="Type">What the number means.</param>
/// <param name="Id">The number of the thread, process or group; 0: nobody.</param>
public readonly record struct FileOwner(FileOwnerType Type, int Id)
{
    /// <summary>The size of <c>struct f_owner_ex</c>, in bytes.</summary>
    public const int Bytes = 8;

    /// <summary>Reads what F_GETOWN_EX has written.</summary>
    /// <param name="memory">At least <see cref="Bytes"/> bytes.</param>
    /// <returns>The owner.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too short.</exception>
    public static FileOwner ReadFrom(ReadOnlySpan<byte> memory) =>
        new((FileOwnerType)BinaryPrimitives.ReadInt32LittleEndian(memory), BinaryPrimitives.ReadInt32LittleEndian(memory[4..]));

    /// <summary>Writes it as <c>struct f_owner_ex</c>.</summary>
    /// <param name="memory">At least <see cref="Bytes"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too short.</exception>
    public void WriteTo(Span<byte> memory)
    {
        BinaryPrimitives.WriteInt32LittleEndian(memory, (int)Type);
        BinaryPrimitives.WriteInt32LittleEndian(memory[4..], Id);
    }
}
