using System.Buffers.Binary;
using EvlActors;

namespace Latmus;

/// <summary>
/// The argument of TUNE and MEASURE: 32 bytes, little-endian. Counterpart of <c>struct latmus_setup</c>, with its layout:
/// type at 0, period at 8, priority at 16, cpu at 20, and at 24 the union, either verbosity or xfd and hcells.
/// </summary>
/// <param name="Type">Who responds. Not checked on reading: see <see cref="Check"/>.</param>
/// <param name="Period">The sampling period in ns.</param>
/// <param name="Priority">The responder's priority.</param>
/// <param name="Cpu">The responder's CPU.</param>
/// <param name="Xfd">MEASURE: the cross-buffer to send to. It shares its place with <see cref="Verbosity"/>.</param>
/// <param name="Hcells">MEASURE: cells of the histogram; 0: none.</param>
internal readonly record struct LatmusSetup(LatmusContext Type, ulong Period, int Priority, uint Cpu, int Xfd, uint Hcells)
{
    /// <summary>Its size, in bytes.</summary>
    public const int Size = 32;

    /// <summary>The longest period, in ns.</summary>
    public const ulong MaxPeriod = 1_000_000_000;

    private const int MaxPriority = 99;

    /// <summary>TUNE: how much to say. It shares its place with <see cref="Xfd"/>.</summary>
    public int Verbosity => Xfd;

    /// <summary>The argument of TUNE.</summary>
    public static LatmusSetup ForTune(LatmusContext type, ulong period, int priority, uint cpu, int verbosity) =>
        new(type, period, priority, cpu, verbosity, 0);

    /// <summary>The argument of MEASURE.</summary>
    public static LatmusSetup ForMeasure(LatmusContext type, ulong period, int priority, uint cpu, int xfd, uint hcells) =>
        new(type, period, priority, cpu, xfd, hcells);

    /// <summary>Reads one from the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public static LatmusSetup Read(ReadOnlySpan<byte> from) => new(
        (LatmusContext)BinaryPrimitives.ReadUInt32LittleEndian(from),
        BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[20..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[28..]));

    /// <summary>Writes it to the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public void Write(Span<byte> to)
    {
        to[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)Type);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Period);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], Priority);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], Cpu);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], Xfd);
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Hcells);
    }

    /// <summary>What TUNE and MEASURE refuse before they touch the runner they have.</summary>
    /// <param name="tune">TUNE; else MEASURE.</param>
    /// <param name="onlineCpus">CPUs 0 to this, exclusive, are online.</param>
    /// <returns><see cref="Errno.EINVAL"/>, or <see cref="Errno.None"/>.</returns>
    public Errno Check(bool tune, uint onlineCpus)
    {
        bool valid = Period is > 0 and <= MaxPeriod
            && Type <= LatmusContext.Sirq
            && (Type != LatmusContext.Kern || Priority is >= 1 and <= MaxPriority)
            && Cpu < onlineCpus
            && (tune ? Type != LatmusContext.Sirq : Hcells <= LatencyHistogram.MaxCells);
        return valid ? Errno.None : Errno.EINVAL;
    }
}
