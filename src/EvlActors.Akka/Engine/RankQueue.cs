using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>The queue of one actor of a machine; see <see cref="RankMailbox"/>. Any thread.</summary>
public sealed class RankQueue : IMessageQueue
{
    private readonly Lock _gate = new();
    private Mailbox _mailbox;
    private int _count;
    private int _inBand;
    private bool _isClosed;

    internal RankQueue()
    {
    }

    /// <summary>Whether there is a message.</summary>
    public bool HasMessages => Volatile.Read(ref _count) != 0;

    /// <summary>How many messages there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many of them are in-band-ranked.</summary>
    internal int InBandWork => Volatile.Read(ref _inBand);

    /// <summary>Queues a message. Does not block.</summary>
    /// <param name="receiver">The queue's owner.</param>
    /// <param name="envelope">The message: one that a machine's actor reference has addressed has its rank; any other, from actors
    /// of the host, is in-band-ranked.</param>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        Message message = envelope.Message is Message { Target: AkkaCell cell } own && receiver.Equals(cell.Address)
            ? own
            : new ForeignMessage(envelope);
        lock (_gate)
        {
            if (!_isClosed)
            {
                _mailbox.Enqueue(message);
                _count++;
                _inBand += InBandOf(message);
                return;
            }
        }
        // Between the owner's last turn and Akka's taking the mailbox away.
        if (message.Target is AkkaCell stopped)
            stopped.GiveBackLater(message);
    }

    /// <summary>Takes the most urgent message.</summary>
    /// <param name="envelope">The message.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryDequeue(out Envelope envelope)
    {
        Message message;
        lock (_gate)
        {
            if (_count == 0)
            {
                envelope = default;
                return false;
            }
            message = _mailbox.Dequeue();
            _count--;
            _inBand -= InBandOf(message);
        }
        envelope = message is ForeignMessage foreign ? foreign.Envelope : new Envelope(message, ActorRefs.NoSender);
        return true;
    }

    /// <summary>Closes the queue and gives back what is in it; by Akka, after the owner's last turn.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="deadletters">Gets what actors of the host have sent.</param>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        ArgumentNullException.ThrowIfNull(deadletters);
        Mailbox left;
        lock (_gate)
        {
            _isClosed = true;
            left = _mailbox;
            _mailbox = default;
            _count = _inBand = 0;
        }
        while (!left.IsEmpty)
        {
            Message message = left.Dequeue();
            if (message is ForeignMessage foreign)
                deadletters.Enqueue(owner, foreign.Envelope);
            else
                ((AkkaCell)message.Target!).GiveBackLater(message); // Enqueue queues no other
        }
    }

    private static int InBandOf(Message message) => message.Rank == Rank.InBand ? 1 : 0;
}
