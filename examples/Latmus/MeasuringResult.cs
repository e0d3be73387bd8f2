namespace Latmus;

/// <summary>What a measuring run found.</summary>
/// <param name="Started">When it began.</param>
/// <param name="Duration">How long it ran, the warm-up not counted.</param>
/// <param name="Switches">Unwanted in-band switches.</param>
/// <param name="Totals">Everything measured.</param>
/// <param name="Histogram">The distribution.</param>
internal sealed record MeasuringResult(
    DateTimeOffset Started, TimeSpan Duration, uint Switches, LatencyTotals Totals, LatencyHistogram Histogram);
