using Akka.Actor;
using EvlActors.Actors;
using EvlActors.Engine;

namespace EvlActors.Akka.Engine;

/// <summary>
/// The armed timers of one actor. One date at most, the earliest, is with Akka's scheduler: its ticks are coarse, and two timers
/// of one actor expire in the order of their dates all the same. In turns of the actor only.
/// </summary>
internal sealed class CellTimers(AkkaCell cell)
{
    private readonly TimerHeap _heap = new();
    private ICancelable? _scheduled;
    private long _scheduledNs = long.MaxValue;

    internal void Arm(ActorTimer timer, long dueNs)
    {
        timer.IsArmed = true;
        _heap.Set(timer, dueNs);
        Expire();
    }

    internal void Disarm(ActorTimer timer)
    {
        timer.IsArmed = false;
        _heap.Remove(timer);
    }

    /// <summary>The scheduler's tick has come: it may be early.</summary>
    internal void OnTick()
    {
        _scheduledNs = long.MaxValue;
        Expire();
    }

    /// <summary>The actor has stopped.</summary>
    internal void Stop() => _scheduled?.Cancel();

    /// <summary>Sends the timers whose date has come, in the order of their dates, and has the scheduler call for the next.</summary>
    private void Expire()
    {
        long now = cell.Engine.MonotonicNs;
        while (_heap.RemoveDue(now) is { } timer)
        {
            // One that is still queued from an earlier date is delivered once, for this one.
            if (timer.IsQueued)
                continue;
            timer.IsQueued = true;
            cell.Tell(timer, Rank.Head);
        }
        long next = _heap.NextDueNs;
        if (next >= _scheduledNs)
            return;
        _scheduled?.Cancel();
        _scheduledNs = next;
        _scheduled = cell.Engine.Schedule(cell, next - now);
    }
}
