namespace EvlActors.Calls;

/// <summary>Dates that are too far away to be counted are never: they do not turn into past ones.</summary>
internal static class Dates
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The date some time after another, which is not negative.</summary>
    internal static long After(long dateNs, long delayNs) => delayNs > long.MaxValue - dateNs ? long.MaxValue : dateNs + delayNs;

    internal static long Ns(long seconds, long ns) =>
        (long)Int128.Clamp(((Int128)seconds * NsPerSecond) + ns, long.MinValue, long.MaxValue);
}
