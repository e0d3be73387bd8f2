namespace EvlActors.Benchmarks.Isolation;

/// <summary>How late the ticks of a source were, in nanoseconds.</summary>
internal sealed class Latencies(int capacity)
{
    private const int Skipped = 2;
    private const long Long = 100_000;
    private readonly long[] _values = new long[capacity];

    public int Count { get; private set; }

    public long Max => _values.AsSpan(0, Count).ToArray().Max();

    /// <summary>The share over 100 us, in percent.</summary>
    public double LongShare => 100.0 * _values.AsSpan(0, Count).ToArray().Count(value => value > Long) / Count;

    /// <summary>Takes ticks; the first of a series belong to the time before it.</summary>
    public void Take(ITickSource source, int ticks)
    {
        for (int i = 0; i < Skipped; i++)
            source.Wait();
        for (int i = 0; i < ticks; i++)
            _values[Count++] = source.Wait();
    }

    public long Percentile(double share)
    {
        long[] sorted = [.. _values.AsSpan(0, Count).ToArray().Order()];
        return sorted[Math.Min(Count - 1, (int)(Count * share))];
    }

    /// <summary>The 99th percentile of one series.</summary>
    public static double P99(ITickSource source, int ticks)
    {
        var taken = new Latencies(ticks);
        taken.Take(source, ticks);
        return taken.Percentile(0.99);
    }
}
