using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// Where a driver tells pollers that its state has changed. Counterpart of <c>struct evl_poll_head</c> and of the poll side of
/// a <c>wait_queue_head_t</c>; one head serves poll, select, epoll and EVL poll sets. Used in turns of its device.
/// </summary>
public sealed class PollHead
{
    private PollNode? _first;
    private PollNode? _last;

    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched => _first is not null;

    /// <summary>
    /// Tells the watchers that are interested: all of them, but of exclusive ones (EPOLLEXCLUSIVE) one. Counterpart of
    /// <c>evl_signal_poll_events</c>; never blocks, runs nobody's code.
    /// </summary>
    /// <param name="events">What has become possible; <see cref="PollEvents.None"/>: not said, so everybody asks again.</param>
    public void Signal(PollEvents events)
    {
        // Exclusive watchers stand behind all others. Posting changes no list.
        for (PollNode? node = _first; node is not null; node = node.Next)
        {
            if (node.Registration.Signal(events) && node.Registration.IsExclusive)
                return;
        }
    }

    internal void Add(PollNode node)
    {
        node.Head = this;
        PollNode? after = node.Registration.IsExclusive ? _last : null;
        node.Previous = after;
        node.Next = after is null ? _first : after.Next;
        if (node.Next is null)
            _last = node;
        else
            node.Next.Previous = node;
        if (after is null)
            _first = node;
        else
            after.Next = node;
    }

    internal void Remove(PollNode node)
    {
        if (node.Previous is null)
            _first = node.Next;
        else
            node.Previous.Next = node.Next;
        if (node.Next is null)
            _last = node.Previous;
        else
            node.Next.Previous = node.Previous;
        node.Head = null;
        node.Next = null;
        node.Previous = null;
    }
}
