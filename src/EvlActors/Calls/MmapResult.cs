namespace EvlActors;

/// <summary>What mmap(2) returns: a mapping, or an errno.</summary>
/// <param name="Result">The address, or why it failed.</param>
/// <param name="Mapping">The mapping; null if it failed.</param>
public readonly record struct MmapResult(SysResult Result, EvlMapping? Mapping)
{
    /// <summary>Why it failed; <see cref="Errno.None"/>: it did not.</summary>
    public Errno Errno => Result.Errno;

    /// <summary>The mapping.</summary>
    /// <returns>The mapping.</returns>
    /// <exception cref="EvlException">The call failed; it carries the errno.</exception>
    public EvlMapping OrThrow() => Mapping ?? throw new EvlException(Result.Errno, SyscallNumber.Mmap);
}
