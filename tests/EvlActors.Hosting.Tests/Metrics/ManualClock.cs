using Xunit;

namespace EvlActors.Hosting.Tests.Metrics;

/// <summary>A clock whose timers fire when a test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>A period is over.</summary>
    internal void Tick() => Assert.True(TryTick());

    /// <summary>A period is over, if anybody waits for that.</summary>
    internal bool TryTick()
    {
        ManualTimer[] timers;
        lock (_timers)
            timers = [.. _timers];
        foreach (ManualTimer timer in timers)
            timer.Fire();
        return timers.Length > 0;
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        internal void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._timers)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
