using System.Runtime.CompilerServices;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.Xbufs;

/// <summary>
/// One direction of a cross-buffer. Counterpart of <c>struct xbuf_ring</c>. Bytes are reserved in a slot, copied, and committed
/// when the last copy of that kind under way has ended; what others see is what was committed. Owned by its device.
/// </summary>
/// <param name="size">The capacity in bytes, all of it usable; 0: no ring.</param>
internal sealed class Ring(int size)
{
    private readonly byte[] _storage = new byte[size];
    private int _readAt;
    private int _writeAt;
    private int _fill;
    private int _reading;
    private int _readReserved;
    private int _writing;
    private int _writeReserved;

    internal int Size { get; } = size;

    /// <summary>Sees what goes in and comes out; null: nobody looks.</summary>
    internal IRingWatch? Watch { get; set; }

    /// <summary>Those who wait for bytes.</summary>
    internal WaitQueue Readers { get; } = new();

    /// <summary>Those who wait for space; each has said how much it wants.</summary>
    internal WaitQueue Writers { get; } = new();

    /// <summary>Whether sleepers are being given what they can have, and whether that has changed meanwhile.</summary>
    internal bool IsSettling { get; set; }

    internal bool HasChanged { get; set; }

    /// <summary>Committed bytes, those that readers still copy included.</summary>
    internal int Fill => _fill;

    /// <summary>Committed bytes that no reader has reserved.</summary>
    internal int Available => _fill - _readReserved;

    /// <summary>Bytes that a writer could reserve.</summary>
    internal int Space => Size - _fill - _writeReserved;

    /// <summary>Reserves the next bytes for a reader.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RingSlot BeginRead(int count)
    {
        var slot = new RingSlot(_readAt, count);
        _readAt = Advance(_readAt, count);
        _readReserved += count;
        _reading++;
        Watch?.Reserved(this, slot.Start, count, Size, isWrite: false);
        return slot;
    }

    /// <summary>A reader has copied, or faulted: its bytes are consumed either way.</summary>
    /// <returns>Whether space was freed: the last concurrent reader frees for all.</returns>
    internal bool EndRead()
    {
        if (--_reading > 0)
            return false;
        _fill -= _readReserved;
        _readReserved = 0;
        return true;
    }

    /// <summary>Reserves space for a writer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RingSlot BeginWrite(int count)
    {
        var slot = new RingSlot(_writeAt, count);
        _writeAt = Advance(_writeAt, count);
        _writeReserved += count;
        _writing++;
        Watch?.Reserved(this, slot.Start, count, Size, isWrite: true);
        return slot;
    }

    /// <summary>A writer has copied, or faulted: its bytes are committed either way.</summary>
    /// <returns>Whether bytes became visible: the last concurrent writer commits for all, in the order of reservation.</returns>
    internal bool EndWrite()
    {
        if (--_writing > 0)
            return false;
        _fill += _writeReserved;
        _writeReserved = 0;
        return true;
    }

    /// <summary>The first part of a slot, up to the end of the storage.</summary>
    internal Span<byte> First(RingSlot slot) => _storage.AsSpan(slot.Start, FirstCount(slot));

    /// <summary>The rest of a slot, from the beginning of the storage; often empty.</summary>
    internal Span<byte> Second(RingSlot slot) => _storage.AsSpan(0, slot.Count - FirstCount(slot));

    /// <summary>As <see cref="First"/>, for a copy that may wait.</summary>
    internal Memory<byte> FirstMemory(RingSlot slot) => _storage.AsMemory(slot.Start, FirstCount(slot));

    /// <summary>As <see cref="Second"/>, for a copy that may wait.</summary>
    internal Memory<byte> SecondMemory(RingSlot slot) => _storage.AsMemory(0, slot.Count - FirstCount(slot));

    private int FirstCount(RingSlot slot) => Math.Min(slot.Count, Size - slot.Start);

    private int Advance(int at, int count)
    {
        int next = at + count;
        return next >= Size ? next - Size : next;
    }
}
