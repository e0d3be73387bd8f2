namespace EvlActors;

/// <summary>The clocks of clock_gettime(2), with the values of Linux.</summary>
public enum ClockId
{
    /// <summary>CLOCK_REALTIME: the time of day.</summary>
    Realtime = 0,
    /// <summary>CLOCK_MONOTONIC: the machine's monotonic clock.</summary>
    Monotonic = 1,
}
