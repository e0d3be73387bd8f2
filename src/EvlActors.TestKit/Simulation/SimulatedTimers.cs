using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>Armed timers, the earliest first; of one date, the one armed first.</summary>
internal sealed class SimulatedTimers
{
    private (ActorTimer Timer, long Order)[] _entries = [];
    private int _count;
    private long _order;

    public ActorTimer? First => _count == 0 ? null : _entries[0].Timer;

    /// <summary>Puts a timer where its date belongs, whether it is in the heap already or not.</summary>
    public void Put(ActorTimer timer)
    {
        Remove(timer);
        if (_count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(4, _count * 2));
        Rise(_count++, (timer, _order++));
    }

    public void Remove(ActorTimer timer)
    {
        int hole = timer.HeapIndex;
        if (hole < 0)
            return;
        timer.HeapIndex = -1;
        (ActorTimer Timer, long) last = _entries[--_count];
        _entries[_count] = default;
        if (hole == _count)
            return;
        Sink(hole, last);
        Rise(last.Timer.HeapIndex, last);
    }

    private static bool IsBefore((ActorTimer Timer, long Order) a, (ActorTimer Timer, long Order) b) =>
        a.Timer.DueNs != b.Timer.DueNs ? a.Timer.DueNs < b.Timer.DueNs : a.Order < b.Order;

    private void Rise(int index, (ActorTimer Timer, long Order) entry)
    {
        for (int parent; index > 0 && IsBefore(entry, _entries[parent = (index - 1) / 2]); index = parent)
            Set(index, _entries[parent]);
        Set(index, entry);
    }

    private void Sink(int index, (ActorTimer Timer, long Order) entry)
    {
        for (int child; (child = 2 * index + 1) < _count; index = child)
        {
            if (child + 1 < _count && IsBefore(_entries[child + 1], _entries[child]))
                child++;
            if (!IsBefore(_entries[child], entry))
                break;
            Set(index, _entries[child]);
        }
        Set(index, entry);
    }

    private void Set(int index, (ActorTimer Timer, long Order) entry)
    {
        _entries[index] = entry;
        entry.Timer.HeapIndex = index;
    }
}
