using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// Driver memory that a process has mapped. Counterpart of the range that mmap(2) returns; it lives until the last part of it
/// is unmapped or the process exits, whether or not the descriptor is closed before.
/// </summary>
public sealed class EvlMapping
{
    /// <summary>The size of a page, in bytes: addresses, offsets and lengths of mappings are multiples of it.</summary>
    public const int PageBytes = 4096;

    private Memory<byte> _memory;
    private int _parts;

    internal EvlMapping(long length, MapProtection protection, MapFlags flags)
    {
        Length = length;
        Protection = protection;
        Flags = flags;
    }

    /// <summary>Where it begins in the process's address space, as munmap takes it.</summary>
    public long Address { get; internal set; }

    /// <summary>The bytes asked for; pages that the driver has no memory for are not part of <see cref="Memory"/>.</summary>
    public long Length { get; }

    /// <summary>What it may be used for.</summary>
    public MapProtection Protection { get; }

    /// <summary>Shared with the driver, or private.</summary>
    public MapFlags Flags { get; }

    /// <summary>Whether any part of it is still mapped.</summary>
    public bool IsMapped => Volatile.Read(ref _parts) > 0;

    /// <summary>The memory, from <see cref="Address"/> on. Accesses need no call; a part that was unmapped is not to be touched.</summary>
    /// <exception cref="InvalidOperationException">All of it was unmapped, or it was mapped without PROT_WRITE: where a process
    /// would get SIGSEGV.</exception>
    public Memory<byte> Memory => (Protection & MapProtection.Write) != 0
        ? Mapped
        : throw new InvalidOperationException("It was mapped without PROT_WRITE: use ReadOnlyMemory.");

    /// <summary>The memory, for reading.</summary>
    /// <exception cref="InvalidOperationException">All of it was unmapped.</exception>
    public ReadOnlyMemory<byte> ReadOnlyMemory => Mapped;

    private Memory<byte> Mapped => IsMapped
        ? _memory
        : throw new InvalidOperationException("It was unmapped.");

    /// <summary>Where the mapped bytes begin in what the driver maps.</summary>
    internal long Offset { get; set; }

    /// <summary>The driver's memory for it; by its mmap handler.</summary>
    internal void Give(Memory<byte> memory) => _memory = memory.Length > Length ? memory[..(int)Length] : memory;

    /// <summary>It is complete; a private one parts from the driver's memory now.</summary>
    internal void Begin(long address)
    {
        Address = address;
        if ((Flags & MapFlags.Shared) == 0)
            _memory = _memory.ToArray();
        Volatile.Write(ref _parts, 1);
    }

    /// <summary>A part was split (+1) or unmapped (-1); by the in-band stage.</summary>
    internal void CountParts(int change) => Volatile.Write(ref _parts, _parts + change);
}
