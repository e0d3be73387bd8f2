namespace EvlActors;

/// <summary>
/// User memory that holds an array, as a system call names it: where it is and how many elements are meant. Arrays and
/// <see cref="Memory{T}"/> convert to it. Elements beyond what is there fault, as a bad pointer does.
/// </summary>
/// <remarks>It belongs to the call until that is answered.</remarks>
/// <typeparam name="T">The elements.</typeparam>
public readonly struct UserArray<T>
{
    /// <summary>Memory that behaves.</summary>
    /// <param name="memory">The memory; all of it is meant.</param>
    public UserArray(Memory<T> memory)
        : this(memory, memory.Length)
    {
    }

    /// <summary>Memory of which the call names another number of elements than it has.</summary>
    /// <param name="memory">The memory that is there; an access beyond it faults.</param>
    /// <param name="count">The number that the call passes; may be more than is there, or negative.</param>
    public UserArray(Memory<T> memory, long count)
    {
        Memory = memory;
        Count = count;
    }

    /// <summary>A NULL pointer with count 0.</summary>
    public static UserArray<T> Null => default;

    /// <summary>The number of elements that the call passes.</summary>
    public long Count { get; }

    internal Memory<T> Memory { get; }

    /// <summary>A bad pointer: every access faults.</summary>
    /// <param name="count">The number of elements that the call passes.</param>
    /// <returns>The array.</returns>
    public static UserArray<T> Bad(long count) => new(default, count);

    /// <summary>Memory that behaves.</summary>
    /// <param name="memory">The memory.</param>
    public static implicit operator UserArray<T>(Memory<T> memory) => new(memory);

    /// <summary>Memory that behaves.</summary>
    /// <param name="elements">The elements; null is a NULL pointer.</param>
    public static implicit operator UserArray<T>(T[]? elements) => new(elements);
}
