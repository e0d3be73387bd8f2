namespace EvlActors.Akka.Devices;

/// <summary>How an Akka actor is a device.</summary>
public sealed record ActorDeviceOptions
{
    /// <summary>Whether it has the out-of-band operations, and its files an oob context; no by default: oob calls of its files
    /// answer EPERM.</summary>
    public bool IsOob { get; init; }

    /// <summary>How long the actor may take to answer an open, a release or an ioctl before the machine goes on with EIO; 5 seconds
    /// by default. A read or write is waited for as long as it takes, until a signal comes.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Who owns the node and may open it; null: root's, for everybody.</summary>
    public NodeAccess? Access { get; init; }
}
