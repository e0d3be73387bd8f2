namespace EvlActors;

/// <summary>A set of descriptors for select(2), which replaces its bits. Counterpart of <c>fd_set</c>, as large as it has to be.</summary>
public sealed class FdSet
{
    private ulong[] _bits;

    /// <summary>A set.</summary>
    /// <param name="fds">Its members.</param>
    public FdSet(params int[] fds)
    {
        ArgumentNullException.ThrowIfNull(fds);
        _bits = new ulong[1];
        foreach (int fd in fds)
            Set(fd);
    }

    /// <summary>A bad pointer: a call that is given it answers EFAULT.</summary>
    public static FdSet Bad { get; } = new();

    /// <summary>Adds a descriptor. <c>FD_SET</c>.</summary>
    /// <param name="fd">The descriptor, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Set(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        if (fd >> 6 >= _bits.Length)
            Array.Resize(ref _bits, Math.Max((fd >> 6) + 1, _bits.Length * 2));
        _bits[fd >> 6] |= 1ul << fd;
    }

    /// <summary>Takes a descriptor out. <c>FD_CLR</c>.</summary>
    /// <param name="fd">The descriptor.</param>
    public void Clear(int fd)
    {
        if (IsSet(fd))
            _bits[fd >> 6] &= ~(1ul << fd);
    }

    /// <summary>Whether a descriptor is in the set. <c>FD_ISSET</c>.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>True if it is.</returns>
    public bool IsSet(int fd) => fd >= 0 && fd >> 6 < _bits.Length && (_bits[fd >> 6] & (1ul << fd)) != 0;

    /// <summary>Takes all descriptors out. <c>FD_ZERO</c>.</summary>
    public void Zero() => Array.Clear(_bits);
}
