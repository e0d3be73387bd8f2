namespace EvlActors.Benchmarks.Isolation;

/// <summary>How late the ticks of one loop were, and what the garbage collector did meanwhile.</summary>
internal sealed class IsolationFigures(int ticks)
{
    private readonly Latencies _latencies = new(ticks);
    private int _collections;
    private TimeSpan _pauses;

    public static string Heading => $"{"p50 us",8} {"p99 us",8} {"p99.9 us",9} {"max us",8} {">100 us",8} {"GCs",5} {"paused ms",10}";

    public long P99 => _latencies.Percentile(0.99);

    public void Take(ITickSource source, int ticks)
    {
        int collections = GC.CollectionCount(0);
        TimeSpan pauses = GC.GetTotalPauseDuration();
        _latencies.Take(source, ticks);
        _collections += GC.CollectionCount(0) - collections;
        _pauses += GC.GetTotalPauseDuration() - pauses;
    }

    public override string ToString() =>
        $"{Us(_latencies.Percentile(0.5)),8} {Us(P99),8} {Us(_latencies.Percentile(0.999)),9} {Us(_latencies.Max),8} "
        + $"{_latencies.LongShare,7:F2}% {_collections,5} {_pauses.TotalMilliseconds,10:F1}";

    private static string Us(long ns) => (ns / 1000.0).ToString("F0");
}
