namespace EvlActors.Akka.Engine;

/// <summary>Which parts of the actor system's configuration an <see cref="AkkaEngine"/> uses. The defaults are sections that the
/// package brings and the system's configuration may override.</summary>
public sealed record AkkaEngineOptions
{
    /// <summary>The dispatcher of the in-band stage: the VFS, descriptor tables, in-band devices and their files.</summary>
    public string InBandDispatcher { get; init; } = "evl.dispatcher.in-band";

    /// <summary>The dispatcher of the out-of-band stage: EVL's side, FIFO threads' actors, oob devices and their files.</summary>
    public string OobDispatcher { get; init; } = "evl.dispatcher.oob";

    /// <summary>The mailbox of every actor of the machine; its type is <see cref="RankMailbox"/>.</summary>
    public string Mailbox { get; init; } = "evl.mailbox";
}
