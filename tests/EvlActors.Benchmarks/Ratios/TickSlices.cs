using EvlActors.Benchmarks.Isolation;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>The p99 of short series of ticks, with and without something that disturbs them; the series alternate.</summary>
internal static class TickSlices
{
    /// <summary>The ticks of one series.</summary>
    public const int Ticks = 300;

    /// <summary>How many series of each kind.</summary>
    public const int Samples = 11;

    public static Comparison Compare(ITickSource ticks, Action begin, Action end) => Measure.Compare(
        Samples,
        () =>
        {
            begin();
            double p99 = Latencies.P99(ticks, Ticks);
            end();
            return p99;
        },
        () => Latencies.P99(ticks, Ticks));
}
