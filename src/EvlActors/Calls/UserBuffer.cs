using System.Runtime.InteropServices;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// User memory as a system call names it: where it is and how much of it is meant. Bytes and <see cref="Memory{T}"/> convert
/// to it. It can also be memory that faults or stalls, as a page that is missing or slow does.
/// </summary>
/// <remarks>A buffer belongs to the call until that is answered.</remarks>
public readonly struct UserBuffer
{
    private readonly Memory<byte> _memory;

    /// <summary>Memory that behaves.</summary>
    /// <param name="memory">The memory; all of it is meant.</param>
    public UserBuffer(Memory<byte> memory)
        : this(memory, memory.Length)
    {
    }

    /// <summary>Memory of which the call names another length than it has.</summary>
    /// <param name="memory">The memory that is there; an access beyond it faults.</param>
    /// <param name="count">The count that the call passes, in bytes; may be more than is there, or negative.</param>
    /// <param name="behaviour">How accesses behave; null: normally.</param>
    public UserBuffer(Memory<byte> memory, long count, UserMemoryBehaviour? behaviour = null)
    {
        _memory = memory;
        Count = count;
        Behaviour = behaviour;
    }

    /// <summary>A NULL pointer with count 0.</summary>
    public static UserBuffer Null => new(default, 0, UserMemoryBehaviour.Unmapped);

    /// <summary>The count that the call passes, in bytes.</summary>
    public long Count { get; }

    /// <summary>How accesses behave, or null: normally.</summary>
    public UserMemoryBehaviour? Behaviour { get; }

    /// <summary>Whether it is a NULL pointer.</summary>
    public bool IsNull => Behaviour is not null && _memory.IsEmpty;

    /// <summary>Whether it is the same memory, of the same length and behaviour.</summary>
    internal bool IsSame(in UserBuffer other) =>
        Count == other.Count && ReferenceEquals(Behaviour, other.Behaviour) && _memory.Equals(other._memory);

    internal Memory<byte> Memory => _memory;

    /// <summary>The bytes that are there.</summary>
    internal Span<byte> Bytes => UserSpan.Of(_memory);

    /// <summary>Whether all the bytes that the call names are there and behave, so that a copy is only a copy.</summary>
    internal bool IsPlain => Behaviour is null && (ulong)Count <= (ulong)_memory.Length;

    /// <summary>The bytes that the call names, of a buffer that <see cref="IsPlain"/>.</summary>
    internal Span<byte> Plain => Bytes[..(int)Count];

    /// <summary>Whether access_ok accepts it.</summary>
    internal bool IsInUserSpace => Behaviour is not { IsOutsideUserSpace: true };

    /// <summary>A bad pointer: every access faults.</summary>
    /// <param name="count">The count that the call passes, in bytes.</param>
    /// <returns>The buffer.</returns>
    public static UserBuffer Bad(long count = 0) => new(default, count, UserMemoryBehaviour.Unmapped);

    /// <summary>Memory in which an access at or beyond an offset faults.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="offset">The first offset that faults, in bytes.</param>
    /// <returns>The buffer.</returns>
    public static UserBuffer FaultingAt(Memory<byte> memory, int offset) =>
        new(memory, memory.Length, UserMemoryBehaviour.FaultAt(offset));

    /// <summary>An address of the kernel's, which an application may pass but not use: access_ok refuses it, and what tests for
    /// it faults. Code that skips the test, as unchecked and raw accesses do, reads and overwrites the memory.</summary>
    /// <param name="memory">What is there.</param>
    /// <returns>The buffer.</returns>
    public static UserBuffer OutsideUserSpace(Memory<byte> memory) => new(memory, memory.Length, UserMemoryBehaviour.OutsideUserSpace);

    /// <summary>Memory whose copies wait, as for a page that is fetched, until a task completes.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="until">What each sleeping copy waits for.</param>
    /// <returns>The buffer.</returns>
    public static UserBuffer StallingUntil(Memory<byte> memory, Task until) =>
        new(memory, memory.Length, UserMemoryBehaviour.StallUntil(until));

    /// <summary>Memory that behaves.</summary>
    /// <param name="memory">The memory.</param>
    public static implicit operator UserBuffer(Memory<byte> memory) => new(memory);

    /// <summary>Memory that behaves, of which the call only reads.</summary>
    /// <param name="memory">The memory.</param>
    public static implicit operator UserBuffer(ReadOnlyMemory<byte> memory) => new(MemoryMarshal.AsMemory(memory));

    /// <summary>Memory that behaves.</summary>
    /// <param name="bytes">The bytes; null is a NULL pointer.</param>
    public static implicit operator UserBuffer(byte[]? bytes) => bytes is null ? Null : new(bytes);

    internal UserBuffer WithCount(long count) => new(_memory, count, Behaviour);

    /// <summary>How many of the bytes from <paramref name="offset"/> on can be accessed without a fault.</summary>
    internal int Accessible(long offset, int count) => IsInUserSpace ? Mapped(offset, count) : 0;

    /// <summary>As <see cref="Accessible"/>, without the test that they lie in user space.</summary>
    internal int Mapped(long offset, int count)
    {
        // A page whose fetch has failed is not there.
        if (Behaviour?.Stall is { IsCompleted: true, IsCompletedSuccessfully: false })
            return 0;
        if (offset < 0)
            return 0;
        long end = Math.Min(_memory.Length, Behaviour?.FaultOffset ?? int.MaxValue);
        return (int)Math.Clamp(end - offset, 0, count);
    }
}
