using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// The device's side of one watch: the heads that the driver named for it, and whether the asker's notice is here, to be posted.
/// What happens while it is not here is noted. Owned by the device.
/// </summary>
internal sealed class PollRegistration(PollQuery query)
{
    private readonly List<PollNode> _nodes = [];
    private int _used;
    private PollEvents _events;
    private PollEvents _noted;
    private bool _isArmed;
    private bool _hasNoted;

    internal PollQuery Query { get; } = query;

    internal bool IsExclusive => (_events & PollEvents.EpollExclusive) != 0;

    /// <summary>The file that is watched; null: none.</summary>
    internal EvlFile? File { get; private set; }

    // The watches of the file.
    internal PollRegistration? Next;
    internal PollRegistration? Previous;

    /// <summary>Begins the watch of a file, or changes what it is about.</summary>
    internal void Attach(EvlFile file)
    {
        _events = Query.Events;
        if (Query.Arms)
        {
            _isArmed = true;
            _noted = PollEvents.None;
            _hasNoted = false;
        }
        if (File is not null)
            return;
        File = file;
        Query.IsRegistered = true;
        Previous = null;
        Next = file.Watches;
        if (Next is not null)
            Next.Previous = this;
        file.Watches = this;
    }

    /// <summary>Ends the watch.</summary>
    /// <returns>What happened since the notice was posted.</returns>
    internal PollEvents Detach()
    {
        if (File is not { } file)
            return PollEvents.None;
        for (int i = 0; i < _used; i++)
            _nodes[i].Head!.Remove(_nodes[i]); // a node in use is in a head
        _used = 0;
        if (Previous is null)
            file.Watches = Next;
        else
            Previous.Next = Next;
        if (Next is not null)
            Next.Previous = Previous;
        Next = null;
        Previous = null;
        File = null;
        _isArmed = false;
        Query.IsRegistered = false;
        return _noted;
    }

    internal void Watch(PollHead head)
    {
        for (int i = 0; i < _used; i++)
        {
            if (_nodes[i].Head == head)
                return;
        }
        if (_used == _nodes.Count)
            _nodes.Add(new PollNode(this));
        head.Add(_nodes[_used++]);
    }

    /// <summary>Something happened.</summary>
    /// <returns>Whether the asker was told.</returns>
    internal bool Signal(PollEvents events)
    {
        PollEvents wanted = events & _events;
        if (events != PollEvents.None && wanted == PollEvents.None)
            return false;
        if (!_isArmed)
        {
            _noted |= wanted;
            _hasNoted = true;
            return false;
        }
        _isArmed = false;
        Query.Ready.Bits = wanted;
        Query.Ready.Caller = Query.Call?.Caller;
        // A device that watches a file of its own, an epoll another, hears of it in this turn: by a message the news would climb
        // the chain behind calls that were made after it.
        if (Query.Asker == File!.Device.Self) // what is signalled watches a file
            Query.Owner.OnNotice(Query.Ready);
        else
            Query.Asker.Tell(Query.Ready, Query.AskRank);
        return true;
    }

    /// <summary>The notice is back: it is posted again at once if something happened meanwhile.</summary>
    internal void Returned(PollNotice notice)
    {
        if (File is null)
            return;
        bool passOn = notice.PassOn;
        PollEvents passed = notice.Bits;
        notice.PassOn = false;
        _isArmed = true;
        if (passOn)
        {
            // Its asker has it on its list already: what happens next is news again.
            _hasNoted = false;
            _noted = PollEvents.None;
            PassOn(passed);
        }
        else if (_hasNoted)
        {
            _hasNoted = false;
            PollEvents noted = _noted;
            _noted = PollEvents.None;
            Signal(noted);
        }
    }

    /// <summary>The file is being released: an oob watcher leaves, and gives its reference back; a persistent one is ended here.</summary>
    internal void FileReleased()
    {
        if (Query.IsOob)
        {
            Signal(PollEvents.Nval);
            return;
        }
        Detach();
        Query.Closed.Bits = PollEvents.Nval;
        Query.Asker.Tell(Query.Closed, Query.AskRank);
    }

    private void PassOn(PollEvents events)
    {
        for (int i = 0; i < _used; i++)
        {
            for (PollNode? node = _nodes[i].Next; node is not null; node = node.Next)
            {
                if (node.Registration.Signal(events))
                    return;
            }
        }
    }
}
