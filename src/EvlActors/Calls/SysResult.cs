namespace EvlActors;

/// <summary>
/// What a system call or a driver's handler returns: a value, or an <see cref="EvlActors.Errno"/>. Never an exception;
/// <see cref="OrThrow"/> makes one of it.
/// </summary>
public readonly struct SysResult : IEquatable<SysResult>
{
    // The call's number from here on, so that 0 means none.
    private const int FirstCall = 1 - (int)SyscallNumber.UndefinedOob;
    private const int ErrnoBits = 16;

    // The errno, and above it the call. Two fields are two registers; with three a result is put together in memory at every return.
    private readonly int _codes;

    private SysResult(long value, Errno errno, int call = 0)
    {
        Value = value;
        _codes = (ushort)errno | call << ErrnoBits;
    }

    /// <summary>The system call that it is the result of, if it came from one. Not part of equality.</summary>
    public SyscallNumber? Call => _codes >> ErrnoBits == 0 ? null : (SyscallNumber)((_codes >> ErrnoBits) - FirstCall);

    /// <summary>The value of a call that succeeded (bytes, a descriptor, 0 ...); 0 when it failed.</summary>
    public long Value { get; }

    /// <summary>Why the call failed; <see cref="Errno.None"/> when it succeeded.</summary>
    public Errno Errno => (Errno)(short)_codes;

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

    /// <summary>Whether two results have the same value and errno.</summary>
    public static bool operator ==(SysResult left, SysResult right) => left.Equals(right);

    /// <summary>Whether two results differ in value or errno.</summary>
    public static bool operator !=(SysResult left, SysResult right) => !left.Equals(right);

    /// <summary>The value as an int, such as a descriptor.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="EvlException">The call failed; it carries the errno and the call.</exception>
    /// <exception cref="OverflowException">The value does not fit an int.</exception>
    public int OrThrow() => IsError ? throw new EvlException(Errno, Call) : checked((int)Value);

    /// <summary>Whether value and errno are the same.</summary>
    /// <param name="other">The other result.</param>
    /// <returns>True if they are.</returns>
    public bool Equals(SysResult other) => Value == other.Value && Errno == other.Errno;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SysResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Errno);

    /// <summary>The value, or the errno's name.</summary>
    /// <returns>For example "64" or "EAGAIN".</returns>
    public override string ToString() => IsError ? Errno.ToString() : Value.ToString();

    internal SysResult Of(SyscallNumber call) => new(Value, Errno, (int)call + FirstCall);
}
