using System.Diagnostics;

namespace EvlActors.Engine;

/// <summary>CLOCK_MONOTONIC in nanoseconds: on Linux the very clock that a futex's deadline is compared with.</summary>
internal static class MonotonicClock
{
    internal const long NsPerMs = 1_000_000;
    private const long NsPerSecond = 1_000_000_000;

    internal static long NowNs => Stopwatch.Frequency == NsPerSecond ? Stopwatch.GetTimestamp() : Scaled(Stopwatch.GetTimestamp());

    private static long Scaled(long ticks) => (long)((Int128)ticks * NsPerSecond / Stopwatch.Frequency);
}
