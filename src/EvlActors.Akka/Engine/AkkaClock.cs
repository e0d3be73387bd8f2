using Akka.Actor;
using Akka.Configuration;

namespace EvlActors.Akka.Engine;

/// <summary>A machine's clocks, read from the actor system's scheduler: they go as its timers go.</summary>
internal sealed class AkkaClock
{
    private readonly IScheduler _scheduler;
    private readonly bool _isMonotonic;
    private readonly DateTimeOffset _start;
    private long _lastNs;

    internal AkkaClock(ActorSystem system)
    {
        _scheduler = system.Scheduler;
        _start = _scheduler.Now;
        string kind = system.Settings.Config.GetString("evl.clock");
        _isMonotonic = kind switch
        {
            "auto" => _scheduler is HashedWheelTimerScheduler,
            "monotonic" => true,
            "now" => false,
            _ => throw new ConfigurationException($"evl.clock is auto, monotonic or now, not '{kind}'."),
        };
    }

    internal DateTimeOffset UtcNow => _scheduler.Now.ToUniversalTime();

    /// <summary>Nanoseconds; never goes back.</summary>
    internal long MonotonicNs => _isMonotonic
        ? _scheduler.HighResMonotonicClock.Ticks * TimeSpan.NanosecondsPerTick
        : NeverBack((_scheduler.Now - _start).Ticks * TimeSpan.NanosecondsPerTick);

    // Somebody may set the date that Now shows.
    private long NeverBack(long nowNs)
    {
        long last = Volatile.Read(ref _lastNs);
        while (nowNs > last)
        {
            long seen = Interlocked.CompareExchange(ref _lastNs, nowNs, last);
            if (seen == last)
                return nowNs;
            last = seen;
        }
        return last;
    }
}
