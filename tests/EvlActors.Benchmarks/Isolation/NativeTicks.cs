namespace EvlActors.Benchmarks.Isolation;

/// <summary>clock_nanosleep in a loop, as a native program would: what the host itself makes of a tick.</summary>
internal sealed class NativeTicks : ITickSource
{
    private long _dateNs;

    public long Wait()
    {
        long now = LinuxClock.NowNs;
        _dateNs += TickDevice.IntervalNs;
        if (_dateNs <= now)
            _dateNs = now + TickDevice.IntervalNs;
        LinuxClock.SleepUntil(_dateNs);
        return LinuxClock.NowNs - _dateNs;
    }
}
