using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>The armed timers of a lane, earliest first; a binary heap in which each timer knows its place. Used by the lane's owner alone.</summary>
internal sealed class TimerHeap
{
    private ActorTimer[] _timers = new ActorTimer[16];
    private int _count;

    /// <summary>The earliest date, or <see cref="long.MaxValue"/>.</summary>
    internal long NextDueNs => _count == 0 ? long.MaxValue : _timers[0].DueNs;

    /// <summary>Puts a timer in, or to its new place.</summary>
    internal void Set(ActorTimer timer, long dueNs)
    {
        timer.DueNs = dueNs;
        if (timer.HeapIndex < 0)
        {
            if (_count == _timers.Length)
                Array.Resize(ref _timers, 2 * _count);
            timer.HeapIndex = _count++;
        }
        Settle(timer, timer.HeapIndex);
    }

    /// <summary>Takes a timer out; does nothing if it is not in.</summary>
    internal void Remove(ActorTimer timer)
    {
        int index = timer.HeapIndex;
        if (index < 0)
            return;
        timer.HeapIndex = -1;
        ActorTimer last = _timers[--_count];
        _timers[_count] = null!; // beyond the count: keeps nothing alive
        if (!ReferenceEquals(last, timer))
            Settle(last, index);
    }

    /// <summary>Takes out the earliest timer if its date has come.</summary>
    /// <returns>The timer, or null.</returns>
    internal ActorTimer? RemoveDue(long nowNs)
    {
        if (_count == 0 || _timers[0].DueNs > nowNs)
            return null;
        ActorTimer due = _timers[0];
        Remove(due);
        return due;
    }

    private void Settle(ActorTimer timer, int index)
    {
        while (index > 0 && timer.DueNs < _timers[(index - 1) / 2].DueNs)
        {
            Place(_timers[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }
        while (true)
        {
            int child = 2 * index + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && _timers[child + 1].DueNs < _timers[child].DueNs)
                child++;
            if (timer.DueNs <= _timers[child].DueNs)
                break;
            Place(_timers[child], index);
            index = child;
        }
        Place(timer, index);
    }

    private void Place(ActorTimer timer, int index)
    {
        _timers[index] = timer;
        timer.HeapIndex = index;
    }
}
