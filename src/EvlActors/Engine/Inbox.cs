using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>What other lanes and threads send to a lane: pushed by any thread, taken all at once by the lane's owner.</summary>
internal struct Inbox
{
    private Message? _last;

    internal readonly bool IsEmpty => Volatile.Read(in _last) is null;

    /// <summary>Pushes a message; a full fence. The message is not the pusher's any more.</summary>
    internal void Push(Message message)
    {
        Message? last = Volatile.Read(ref _last);
        while (true)
        {
            message.Next = last;
            Message? seen = Interlocked.CompareExchange(ref _last, message, last);
            if (ReferenceEquals(seen, last))
                return;
            last = seen;
        }
    }

    /// <summary>Takes everything that was pushed.</summary>
    /// <returns>The first pushed message, the others linked behind it in order; null if there is none.</returns>
    internal Message? TakeAll()
    {
        Message? rest = Interlocked.Exchange(ref _last, null);
        Message? ordered = null;
        while (rest is not null)
        {
            Message? next = rest.Next;
            rest.Next = ordered;
            ordered = rest;
            rest = next;
        }
        return ordered;
    }
}
