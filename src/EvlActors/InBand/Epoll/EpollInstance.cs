using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand.Epoll;

/// <summary>
/// One epoll, of one open file. Counterpart of <c>struct eventpoll</c>: its registrations, those among them that may be ready, and
/// its waiters. Changing and scanning exclude each other, as under the kernel's <c>ep->mtx</c>.
/// </summary>
internal sealed class EpollInstance(OpenFileRef file, EpollUser user)
{
    private readonly Queue<IoContext> _entering = [];
    private EpollItem? _first;
    private EpollItem? _last;
    private IoContext? _asker;
    private int _awaited;
    private bool _isBusy;

    internal OpenFileRef File { get; } = file;

    /// <summary>Who has made it, and is charged for its registrations.</summary>
    internal EpollUser User { get; } = user;

    internal Dictionary<(OpenFileRef File, int Fd), EpollItem> Items { get; } = [];

    /// <summary>How many may be ready.</summary>
    internal int ListedCount { get; private set; }

    /// <summary>Whether some may be ready, those included that a scan has taken off the list and not judged yet.</summary>
    internal bool MayHaveReady => ListedCount > 0 || Taken.Count > 0;

    /// <summary>Those that a scan has taken off the list and not judged yet; owned by who is inside.</summary>
    internal List<EpollItem> Taken { get; } = [];

    /// <summary>Those who sleep in epoll_wait: exclusive waiters, in order of arrival.</summary>
    internal WaitQueue Waiters { get; } = new(WaitOrder.Fifo);

    /// <summary>Those who poll the epoll itself.</summary>
    internal PollHead Pollers { get; } = new();

    /// <summary>Waits until nobody changes or scans the epoll.</summary>
    internal async IoTask Enter(IoContext context)
    {
        if (_isBusy)
        {
            _entering.Enqueue(context);
            // Woken by who leaves, who leaves it busy for the next.
            await context.Device.Waits.AwaitAnswers(context);
        }
        _isBusy = true;
        return 0;
    }

    internal void Leave()
    {
        if (_entering.TryDequeue(out IoContext? next))
            DeviceWaits.AnsweredSoon(next);
        else
            _isBusy = false;
        if (_first is not null)
            Waiters.WakeOne();
    }

    /// <summary>Waits for the answers to questions that were sent.</summary>
    internal Wait AwaitAnswers(IoContext context, int count)
    {
        _asker = context;
        _awaited = count;
        return context.Device.Waits.AwaitAnswers(context);
    }

    internal void Answered()
    {
        if (--_awaited == 0)
            DeviceWaits.Answered(_asker!, 0); // questions have an asker
    }

    /// <summary>A file was woken: it may be ready.</summary>
    internal void Woken(EpollItem item)
    {
        bool passOn = item.IsExclusive && Waiters.IsEmpty;
        MayBeReady(item);
        if (passOn)
            item.PassOn();
    }

    internal void MayBeReady(EpollItem item)
    {
        if (item.IsGone)
            return;
        if (!item.IsListed)
            List(item, first: false);
        Waiters.WakeOne();
        Pollers.Signal(PollEvents.In | PollEvents.RdNorm);
    }

    internal void List(EpollItem item, bool first)
    {
        item.IsListed = true;
        ListedCount++;
        if (_first is null)
        {
            _first = _last = item;
        }
        else if (first)
        {
            item.Next = _first;
            _first.Previous = item;
            _first = item;
        }
        else
        {
            item.Previous = _last;
            _last!.Next = item; // not empty
            _last = item;
        }
    }

    internal void Unlist(EpollItem item)
    {
        if (!item.IsListed)
            return;
        item.IsListed = false;
        ListedCount--;
        if (item.Previous is null)
            _first = item.Next;
        else
            item.Previous.Next = item.Next;
        if (item.Next is null)
            _last = item.Previous;
        else
            item.Next.Previous = item.Previous;
        item.Next = null;
        item.Previous = null;
    }

    /// <summary>Takes some off the list, the longest listed first, and asks them on behalf of a caller.</summary>
    internal void Take(int count, Caller? caller)
    {
        for (int i = 0; i < count && _first is { } item; i++)
        {
            Unlist(item);
            Taken.Add(item);
        }
        foreach (EpollItem item in Taken)
            item.Ask(caller);
    }

    internal void Add(EpollItem item)
    {
        Items.Add((item.File, item.Fd), item);
        User.Watches++;
    }

    internal void Remove(EpollItem item)
    {
        Unlist(item);
        if (!Items.TryGetValue((item.File, item.Fd), out EpollItem? registered) || registered != item)
            return;
        Items.Remove((item.File, item.Fd));
        User.Watches--;
    }

    /// <summary>It is released: its registrations have ended.</summary>
    internal void Clear()
    {
        User.Watches -= Items.Count;
        Items.Clear();
    }
}
