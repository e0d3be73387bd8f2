namespace EvlActors.Benchmarks.Ratios;

/// <summary>
/// An ordinary thread's read of a cross-buffer: the oob lane is its FIFO worker's, so the call goes to that thread and back.
/// Beside it: two hops between an ordinary thread and one under SCHED_FIFO that do nothing else.
/// </summary>
internal sealed class ThreadHopRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 200;
    private const int Bytes = 64;

    public string Name => "ordinary-xbuf-read";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnOrdinary(thread =>
    {
        UserBuffer buffer = new byte[Bytes];
        byte[] all = new byte[Bytes * Rounds];
        int xbuf = thread.CreateXbuf(null, all.Length, 0).OrThrow();
        using var hops = new ThreadHops();
        Comparison found = Measure.Compare(
            Samples,
            () =>
            {
                thread.OobWrite(xbuf, all).OrThrow();
                return Measure.Nanoseconds(Rounds, () => thread.Read(xbuf, buffer).OrThrow());
            },
            () => Measure.Nanoseconds(Rounds, hops.ThereAndBack));
        report.Ratio($"{Name} (/ two thread hops)", found.Measured / 1000, "us", found.Ratio, 1.5);
    });
}
