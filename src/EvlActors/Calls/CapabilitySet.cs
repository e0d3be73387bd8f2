using System.Buffers.Binary;

namespace EvlActors;

/// <summary>The capability sets of a process as capget(2) and capset(2) carry them. Counterpart of <c>struct __user_cap_data_struct</c>.</summary>
/// <param name="Effective">Those in force.</param>
/// <param name="Permitted">Those that may be put in force.</param>
/// <param name="Inheritable">Those kept across exec; carried, not used.</param>
public readonly record struct CapabilitySet(Capabilities Effective, Capabilities Permitted, Capabilities Inheritable = Capabilities.None)
{
    /// <summary>_LINUX_CAPABILITY_VERSION_1: 32 capabilities, 12 bytes.</summary>
    public const uint Version1 = 0x19980330;

    /// <summary>_LINUX_CAPABILITY_VERSION_2: as version 3.</summary>
    public const uint Version2 = 0x20071026;

    /// <summary>_LINUX_CAPABILITY_VERSION_3: 64 capabilities, 24 bytes.</summary>
    public const uint Version3 = 0x20080522;

    /// <summary>The size of the data of a version.</summary>
    /// <param name="version">The version.</param>
    /// <returns>Bytes; 0: there is no such version.</returns>
    public static int BytesOf(uint version) => version switch
    {
        Version1 => 12,
        Version2 or Version3 => 24,
        _ => 0,
    };

    /// <summary>Reads it from user memory: for 32 capabilities each, effective, permitted, inheritable.</summary>
    /// <param name="memory">12 bytes for 32 capabilities, 24 for 64.</param>
    /// <returns>The sets.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory is shorter than 12 bytes.</exception>
    public static CapabilitySet ReadFrom(ReadOnlySpan<byte> memory) => new(Read(memory, 0), Read(memory, 4), Read(memory, 8));

    /// <summary>Writes it to user memory; what does not fit is left out.</summary>
    /// <param name="memory">12 bytes for 32 capabilities, 24 for 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">The memory is shorter than 12 bytes.</exception>
    public void WriteTo(Span<byte> memory)
    {
        Write(memory, 0, Effective);
        Write(memory, 4, Permitted);
        Write(memory, 8, Inheritable);
    }

    private static Capabilities Read(ReadOnlySpan<byte> memory, int at)
    {
        ulong low = BinaryPrimitives.ReadUInt32LittleEndian(memory[at..]);
        ulong high = memory.Length >= 24 ? BinaryPrimitives.ReadUInt32LittleEndian(memory[(at + 12)..]) : 0;
        return (Capabilities)(high << 32 | low);
    }

    private static void Write(Span<byte> memory, int at, Capabilities set)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(memory[at..], (uint)set);
        if (memory.Length >= 24)
            BinaryPrimitives.WriteUInt32LittleEndian(memory[(at + 12)..], (uint)((ulong)set >> 32));
    }
}
