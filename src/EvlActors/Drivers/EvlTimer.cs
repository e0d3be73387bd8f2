using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// A timer of a device. Counterpart of <c>struct evl_timer</c>: an absolute first date and an interval; its handler runs in oob
/// interrupt context. Stopped with its device.
/// </summary>
public sealed class EvlTimer
{
    private readonly DeviceActor _device;
    private readonly Func<InterruptContext, IoTask> _handler;
    private readonly InterruptContext _context;
    private readonly ActorTimer _timer;
    private long _dateNs;
    private bool _isHandling;
    private bool _isDestroyed;
    private bool _isDue;
    private long _missed;

    internal EvlTimer(DeviceActor device, Func<InterruptContext, IoTask> handler)
    {
        _device = device;
        _handler = handler;
        _context = new InterruptContext(this) { Priority = Rank.MaxOobPriority };
        _timer = new ActorTimer(device.Self, this);
    }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _timer.IsArmed || _isDue;

    /// <summary>The interval, in nanoseconds; 0 for one shot.</summary>
    public long IntervalNs { get; private set; }

    /// <summary>Starts it, or starts it anew. evl_start_timer.</summary>
    /// <param name="firstDateNs">The first date, in nanoseconds of the machine's monotonic clock; a past one is due at once.</param>
    /// <param name="intervalNs">The interval, in nanoseconds; 0 (default): one shot.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    /// <exception cref="InvalidOperationException">It was destroyed.</exception>
    public void Start(long firstDateNs, long intervalNs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(intervalNs);
        if (_isDestroyed)
            throw new InvalidOperationException("A timer that was destroyed is not started again: create another.");
        IntervalNs = intervalNs;
        _dateNs = firstDateNs;
        _missed = 0;
        _isDue = false;
        if (_device.HasFailed)
            return;
        _device.Engine.Arm(_timer, firstDateNs);
    }

    /// <summary>Stops it: its handler is not called any more. evl_stop_timer. In a turn of the device.</summary>
    public void Stop()
    {
        _isDue = false;
        _device.Engine.Disarm(_timer);
    }

    /// <summary>Stops it for good: its device forgets it. evl_destroy_timer. In a turn of the device.</summary>
    public void Destroy()
    {
        Stop();
        _isDestroyed = true;
        _device.Forget(this);
    }

    internal void HandlerEnded()
    {
        _isHandling = false;
        if (!_isDue || _device.HasFailed)
            return;
        // In a turn of its own.
        _isDue = false;
        _device.Engine.Arm(_timer, _dateNs);
    }

    /// <summary>The date has come; in a turn of the device.</summary>
    internal void Expired()
    {
        long dateNs = _dateNs;
        long missed = _missed;
        _missed = 0;
        if (IntervalNs > 0)
        {
            // The dates stay on the grid of the first; the ones that have passed meanwhile are missed.
            long late = Math.Max(0, _device.Engine.MonotonicNs - dateNs) / IntervalNs;
            _missed = late;
            _dateNs = Dates.After(dateNs + (late * IntervalNs), IntervalNs);
            _device.Engine.Arm(_timer, _dateNs);
        }
        if (_isHandling)
        {
            // The handler of an earlier date still waits for another actor's answer. What was started in it as one shot, no later
            // date makes up for: the handler runs again when it has ended.
            if (IntervalNs == 0)
                _isDue = true;
            else
                _missed += missed + 1;
            return;
        }
        _isHandling = true;
        _context.DateNs = dateNs;
        _context.Overruns = missed;
        _device.RunHandler(_context, static (context, state) => ((EvlTimer)state)._handler((InterruptContext)context), this);
    }
}
