using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>The release points of one periodic thread, on the grid of their first date.</summary>
internal sealed class EvlPeriod(AsyncActor device)
{
    private readonly WaitQueue _sleeper = new();
    private long _nextNs;
    private long _periodNs;

    /// <summary>How many release points the last wait found missed.</summary>
    internal long Overruns { get; private set; }

    /// <summary>Begins anew; a period of 0 ends it.</summary>
    /// <returns>0; EINVAL if a value is negative.</returns>
    internal SysResult Set(long firstDateNs, long periodNs)
    {
        if (firstDateNs < 0 || periodNs < 0)
            return Errno.EINVAL;
        _periodNs = periodNs;
        _nextNs = firstDateNs == 0 ? Dates.After(device.Engine.MonotonicNs, periodNs) : firstDateNs;
        return 0;
    }

    /// <summary>Sleeps until the next release point; one that has come releases at once.</summary>
    /// <returns>0; EAGAIN without a period; ETIMEDOUT: some were missed; else why the sleep was ended.</returns>
    internal async IoTask Wait(IoContext context)
    {
        Overruns = 0;
        if (_periodNs == 0)
            return Errno.EAGAIN;
        if (device.Engine.MonotonicNs < _nextNs)
        {
            SysResult woken = await _sleeper.Wait(context, EvlTimeout.Until(_nextNs));
            if (woken.Errno != Errno.ETIMEDOUT)
                return woken;
        }
        Overruns = (device.Engine.MonotonicNs - _nextNs) / _periodNs;
        _nextNs = Dates.After(_nextNs + (Overruns * _periodNs), _periodNs);
        return Overruns == 0 ? 0 : Errno.ETIMEDOUT;
    }

    /// <summary>Ends the sleep with EIDRM.</summary>
    internal void Flush() => _sleeper.Flush();
}
