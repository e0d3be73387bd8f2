namespace EvlActors;

/// <summary>One entry of poll(2). Counterpart of <c>struct pollfd</c>.</summary>
/// <param name="fd">The descriptor; negative: the entry is ignored.</param>
/// <param name="events">What is asked for; ERR, HUP and NVAL are reported unasked.</param>
public struct PollFd(int fd, PollEvents events) : IEquatable<PollFd>
{
    /// <summary>The descriptor; negative: the entry is ignored.</summary>
    public int Fd { get; set; } = fd;

    /// <summary>What is asked for; never changed by the call.</summary>
    public PollEvents Events { get; set; } = events;

    /// <summary>What the file is ready for; written by every successful call.</summary>
    public PollEvents Revents { get; set; }

    /// <summary>Whether two entries are the same.</summary>
    public static bool operator ==(PollFd left, PollFd right) => left.Equals(right);

    /// <summary>Whether two entries differ.</summary>
    public static bool operator !=(PollFd left, PollFd right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(PollFd other) => (Fd, Events, Revents) == (other.Fd, other.Events, other.Revents);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PollFd other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Fd, Events, Revents);
}
