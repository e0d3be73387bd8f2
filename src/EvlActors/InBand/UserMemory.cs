using System.Buffers.Binary;

namespace EvlActors.InBand;

/// <summary>The user memory of calls that the in-band stage serves itself: small structures, all or nothing.</summary>
internal static class UserMemory
{
    /// <summary>Writes a word that the caller may do without: nothing is written to a buffer without bytes.</summary>
    internal static bool TryWrite(UserBuffer buffer, int value)
    {
        if (buffer is { Count: 0, Behaviour: null })
            return true;
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(word, value);
        return TryWrite(buffer, word);
    }

    internal static bool TryWrite(UserBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        if (buffer.Accessible(0, bytes.Length) < bytes.Length)
            return false;
        bytes.CopyTo(buffer.Bytes);
        return true;
    }

    internal static bool TryRead(UserBuffer buffer, Span<byte> bytes)
    {
        if (buffer.Accessible(0, bytes.Length) < bytes.Length)
            return false;
        buffer.Bytes[..bytes.Length].CopyTo(bytes);
        return true;
    }
}
