using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand.Epoll;

/// <summary>One registration: an open file under a descriptor number. Counterpart of <c>struct epitem</c>. Watches until it ends.</summary>
internal sealed class EpollItem : IPollAsker
{
    private const PollEvents Unasked = PollEvents.Err | PollEvents.Hup;
    private const PollEvents Flags = PollEvents.EpollEt | PollEvents.EpollOneShot | PollEvents.EpollExclusive | PollEvents.EpollWakeup;

    private readonly EpollInstance _epoll;
    private readonly PollQuery _query;
    private bool _hasNotice = true;

    internal EpollItem(EpollInstance epoll, ActorRef device, OpenFileRef file, int fd)
    {
        _epoll = epoll;
        _query = new PollQuery(device, this) { File = file, Fd = fd, AskRank = Rank.InBand, Watches = true };
    }

    internal OpenFileRef File => _query.File!; // set when it was made

    internal int Fd => _query.Fd;

    /// <summary>What is asked for, with its flags; ERR and HUP are reported unasked.</summary>
    internal EpollEvent Event { get; private set; }

    /// <summary>Whether it was reported once and waits for MOD.</summary>
    internal bool IsDisabled { get; set; }

    /// <summary>Whether the file is gone: the registration ends silently.</summary>
    internal bool IsGone { get; private set; }

    internal bool IsExclusive => (Event.Events & PollEvents.EpollExclusive) != 0;

    internal bool IsEdgeTriggered => (Event.Events & PollEvents.EpollEt) != 0;

    internal bool IsOneShot => (Event.Events & PollEvents.EpollOneShot) != 0;

    /// <summary>What the file was ready for when it last answered.</summary>
    internal PollEvents Ready => IsDisabled || IsGone ? PollEvents.None : _query.Mask & _query.Events & ~Flags;

    // The ready list; owned by the epoll.
    internal bool IsListed;
    internal EpollItem? Next;
    internal EpollItem? Previous;

    /// <inheritdoc/>
    public void OnAnswer(PollQuery query)
    {
        if (query.IsGone)
            IsGone = true;
        _epoll.Answered();
    }

    /// <inheritdoc/>
    public void OnNotice(PollNotice notice)
    {
        if (notice == _query.Ready)
        {
            _hasNotice = true;
            if (!IsDisabled)
                _epoll.Woken(this);
        }
        else
        {
            IsGone = true;
            _epoll.Remove(this);
        }
    }

    /// <summary>Sets what is asked for; tells the file when it is asked next.</summary>
    internal void Change(EpollEvent @event)
    {
        Event = @event;
        IsDisabled = false;
    }

    /// <summary>Asks the file what it is ready for, and watches it further.</summary>
    internal void Ask(Caller? caller)
    {
        _query.Events = Event.Events | Unasked;
        _query.Arms = _hasNotice;
        _hasNotice = false;
        _query.AskFile(caller);
    }

    /// <summary>Nobody waits here: the file's device tells the next exclusive watcher instead.</summary>
    internal void PassOn()
    {
        _hasNotice = false;
        _query.Ready.PassOn = true;
        File.Device.Actor.Tell(_query.Ready, Rank.InBand);
    }

    /// <summary>Ends the watch; answered.</summary>
    internal void Forget() => _query.Forget(index: null);
}
