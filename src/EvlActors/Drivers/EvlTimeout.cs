using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>How long a wait may last. Counterpart of EVL's <c>ktime_t</c> timeouts with their modes.</summary>
public readonly record struct EvlTimeout
{
    private readonly Kind _kind;

    private EvlTimeout(Kind kind, long ns)
    {
        _kind = kind;
        Ns = ns;
    }

    private enum Kind : byte
    {
        Infinite,
        NonBlock,
        Absolute,
        Relative,
    }

    /// <summary>For ever; EVL_INFINITE. The default.</summary>
    public static EvlTimeout Infinite => default;

    /// <summary>Not at all: the wait answers EAGAIN instead of sleeping; EVL_NONBLOCK.</summary>
    public static EvlTimeout NonBlock => new(Kind.NonBlock, 0);

    internal bool IsInfinite => _kind == Kind.Infinite;

    internal bool IsNonBlock => _kind == Kind.NonBlock;

    private long Ns { get; }

    /// <summary>Until a date; a past one has come already. EVL_ABS.</summary>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; 0: for ever.</param>
    /// <returns>The timeout.</returns>
    public static EvlTimeout Until(long dateNs) => dateNs == 0 ? Infinite : new(Kind.Absolute, dateNs);

    /// <summary>For a duration. EVL_REL.</summary>
    /// <param name="delayNs">The duration, in nanoseconds; 0: for ever.</param>
    /// <returns>The timeout.</returns>
    public static EvlTimeout After(long delayNs) => delayNs == 0 ? Infinite : new(Kind.Relative, delayNs);

    internal long DateNs(long nowNs) => _kind == Kind.Relative ? Dates.After(nowNs, Ns) : Ns;

    /// <summary>The same for a wait that may begin anew after a wake-up: its end does not move.</summary>
    internal EvlTimeout From(IActorEngine clock) => _kind == Kind.Relative ? Until(DateNs(clock.MonotonicNs)) : this;
}
