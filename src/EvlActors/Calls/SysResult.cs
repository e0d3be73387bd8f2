namespace EvlActors;

/// <summary>
/// What a system call or a driver's handler returns: a value, or an <see cref="EvlActors.Errno"/>. Never an exception;
/// <see cref="OrThrow"/> makes one of it.
/// </summary>
public readonly record struct SysResult
{
    private SysResult(long value, Errno errno)
    {
        Value = value;
        Errno = errno;
    }

    /// <summary>The value of a call that succeeded (bytes, a descriptor, 0 ...); 0 when it failed.</summary>
    public long Value { get; }

    /// <summary>Why the call failed; <see cref="Errno.None"/> when it succeeded.</summary>
    public Errno Errno { get; }

    /// <summary>Whether the call failed.</summary>
    public bool IsError => Errno != Errno.None;

    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Errno == Errno.None;

    /// <summary>A success.</summary>
    /// <param name="value">Its value.</param>
    /// <returns>The result.</returns>
    public static SysResult Ok(long value = 0) => new(value, Errno.None);

    /// <summary>A failure.</summary>
    /// <param name="errno">Why; <see cref="Errno.None"/> is a success of value 0.</param>
    /// <returns>The result.</returns>
    public static SysResult Error(Errno errno) => new(0, errno);

    /// <summary>A success.</summary>
    /// <param name="value">Its value.</param>
    public static implicit operator SysResult(long value) => new(value, Errno.None);

    /// <summary>A failure.</summary>
    /// <param name="errno">Why.</param>
    public static implicit operator SysResult(Errno errno) => new(0, errno);

    /// <summary>The value as an int, such as a descriptor.</summary>
    /// <param name="call">What is said in the exception, such as "open /dev/latmus"; null: nothing.</param>
    /// <returns>The value.</returns>
    /// <exception cref="EvlException">The call failed.</exception>
    /// <exception cref="OverflowException">The value does not fit an int.</exception>
    public int OrThrow(string? call = null) =>
        IsError ? throw new EvlException(Errno, call) : checked((int)Value);

    /// <summary>The value, or the errno's name.</summary>
    /// <returns>For example "64" or "EAGAIN".</returns>
    public override string ToString() => IsError ? Errno.ToString() : Value.ToString();
}
