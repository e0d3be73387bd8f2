using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.OutOfBand;

/// <summary>One wait on a poll set: the questions to its descriptors, as they were when the wait began. Used again.</summary>
internal sealed class PollSetWait(ActorRef device, ActorRef oobStage) : IPollAsker
{
    private readonly List<PollQuery> _queries = [];
    private readonly List<PollSetItem> _items = [];
    private PollEvents[] _received = [];
    private IoContext _context = null!; // set when it begins
    private int _awaited;
    private bool _isAsleep;

    /// <summary>Whether something has happened since the questions were asked.</summary>
    internal bool IsWoken { get; private set; }

    internal bool IsAsked => _awaited > 0;

    /// <inheritdoc/>
    public void OnAnswer(PollQuery query)
    {
        if (--_awaited == 0)
            DeviceWaits.Answered(_context, 0);
    }

    /// <inheritdoc/>
    public void OnNotice(PollNotice notice)
    {
        IsWoken = true;
        _received[notice.Query.Index] |= notice.Bits;
        if (_isAsleep)
            _context.Wake(0);
    }

    /// <summary>Takes the descriptors of a set, the last added first.</summary>
    internal void Take(IoCall call, PollSet set)
    {
        _context = call;
        _items.Clear();
        for (int i = set.Items.Count - 1; i >= 0; i--)
            _items.Add(set.Items[i]);
        if (_received.Length < _items.Count)
            _received = new PollEvents[_items.Count];
    }

    /// <summary>Asks every descriptor, and watches it from then on.</summary>
    internal void Ask(Call call)
    {
        IsWoken = false;
        Array.Clear(_received);
        _awaited = _items.Count;
        for (int i = 0; i < _items.Count; i++)
        {
            if (i == _queries.Count)
                _queries.Add(new PollQuery(device, this) { IsOob = true, Watches = true, Holds = true, Arms = true, Index = i });
            PollQuery query = _queries[i];
            query.Fd = _items[i].Fd;
            query.Files = call.Files;
            query.Events = _items[i].Events;
            query.AskRank = call.CallRank;
            query.Call = call;
            query.AskNumber(oobStage);
        }
    }

    /// <summary>What was answered: how many are ready, or EBADF if a number is not open; as many as are wanted are looked at.</summary>
    internal SysResult Ready(UserArray<EvlPollEvent> wanted)
    {
        int ready = 0;
        for (int i = 0; i < _items.Count && ready < wanted.Count; i++)
        {
            if (_queries[i].File is null)
                return Errno.EBADF;
            PollEvents events = _queries[i].Mask & _items[i].Events;
            if (events != PollEvents.None && !Store(wanted, ready++, i, events))
                return Errno.EFAULT;
        }
        return ready;
    }

    /// <summary>Goes to sleep until something happens.</summary>
    internal async IoTask Sleep(PollSet set, EvlTimeout timeout)
    {
        if (IsWoken)
            return 0;
        _isAsleep = true;
        SysResult woken = await set.Sleepers.Wait(_context, timeout);
        _isAsleep = false;
        return woken;
    }

    /// <summary>Ends the watches; the references go back.</summary>
    internal void Forget()
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (_queries[i].File is null)
                continue;
            _awaited++;
            _queries[i].Forget(oobStage);
        }
    }

    /// <summary>What has happened since the questions were asked, after the watches ended.</summary>
    internal SysResult Happened(UserArray<EvlPollEvent> wanted)
    {
        int count = 0;
        for (int i = 0; i < _items.Count && count < wanted.Count; i++)
        {
            // The end of the watch brings what happened after its notice was posted.
            PollEvents events = (_received[i] | _queries[i].Mask) & (_items[i].Events | PollEvents.Nval);
            if (events != PollEvents.None && !Store(wanted, count++, i, events))
                return Errno.EFAULT;
        }
        return count;
    }

    private bool Store(UserArray<EvlPollEvent> wanted, int at, int item, PollEvents events)
    {
        if (at >= wanted.Memory.Length)
            return false;
        UserSpan.Of(wanted.Memory)[at] = new EvlPollEvent(_items[item].Fd, events, _items[item].PollVal);
        return true;
    }
}
