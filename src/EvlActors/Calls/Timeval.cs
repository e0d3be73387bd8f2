using EvlActors.Calls;

namespace EvlActors;

/// <summary>select(2)'s timeout, into which the call writes what is left of it. Counterpart of <c>struct timeval</c>.</summary>
/// <param name="seconds">tv_sec; negative: EINVAL.</param>
/// <param name="microseconds">tv_usec; negative: EINVAL.</param>
public sealed class Timeval(long seconds, long microseconds)
{
    /// <summary>tv_sec.</summary>
    public long Seconds { get; private set; } = seconds;

    /// <summary>tv_usec.</summary>
    public long Microseconds { get; private set; } = microseconds;

    internal bool IsValid => Seconds >= 0 && Microseconds >= 0;

    internal long Ns => Dates.Ns(
        Seconds > long.MaxValue - (Microseconds / 1_000_000) ? long.MaxValue : Seconds + (Microseconds / 1_000_000), Microseconds % 1_000_000 * 1000);

    internal void SetRest(long ns)
    {
        Seconds = ns / 1_000_000_000;
        Microseconds = ns % 1_000_000_000 / 1000;
    }
}
