namespace EvlActors.Engine;

/// <summary>A parker for systems without futexes; its deadlines are as fine as the base library's, about a millisecond.</summary>
internal sealed class MonitorParker : Parker
{
    private readonly object _gate = new(); // Monitor.Wait needs a plain object
    private bool _woken;

    internal override void Wait(long deadlineNs = long.MaxValue)
    {
        lock (_gate)
        {
            if (!_woken)
                WaitOnce(deadlineNs);
            _woken = false;
        }
    }

    internal override void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    private void WaitOnce(long deadlineNs)
    {
        if (deadlineNs == long.MaxValue)
        {
            Monitor.Wait(_gate);
            return;
        }
        long leftNs = deadlineNs - MonotonicClock.NowNs;
        if (leftNs > 0)
            Monitor.Wait(_gate, (int)Math.Min(int.MaxValue, (leftNs + MonotonicClock.NsPerMs - 1) / MonotonicClock.NsPerMs));
    }
}
