namespace EvlActors;

/// <summary>
/// A system call failed and its caller asked for an exception with <see cref="SysResult.OrThrow"/>, or made the call through a
/// stream, which has no other way to say so. An <see cref="IOException"/>, as those who use streams expect.
/// </summary>
public sealed class EvlException : IOException
{
    /// <summary>Makes the exception of a failed call.</summary>
    /// <param name="errno">Why the call failed.</param>
    /// <param name="call">The call; null if it isn't known.</param>
    public EvlException(Errno errno, SyscallNumber? call = null)
        : base($"{(call is null ? "The system call" : call.ToString())} failed with {errno} ({(int)errno}).")
    {
        Errno = errno;
        Call = call;
    }

    /// <summary>Why the call failed.</summary>
    public Errno Errno { get; }

    /// <summary>The call that failed, or null.</summary>
    public SyscallNumber? Call { get; }
}
