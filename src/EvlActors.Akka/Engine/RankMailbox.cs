using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace EvlActors.Akka.Engine;

/// <summary>
/// The mailbox of a machine's actors: by rank and, within a rank, in order of arrival. What is left in it when its actor stops
/// is given back to whoever it belongs to, and never becomes a dead letter. Named in the configuration as evl.mailbox; a host that puts
/// another there derives it from this one.
/// </summary>
/// <param name="settings">The actor system's.</param>
/// <param name="config">The mailbox's section.</param>
public class RankMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<RankQueue>
{
    /// <summary>Makes the queue of one actor.</summary>
    /// <param name="owner">The actor.</param>
    /// <param name="system">Its system.</param>
    /// <returns>The queue.</returns>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new RankQueue();
}
