namespace EvlActors.Benchmarks.Ratios;

/// <summary>
/// An ordinary thread's read of a cross-buffer: the oob lane is its FIFO worker's, so the call goes to that thread and back.
/// Beside it: two hops between the same ordinary thread and one under SCHED_FIFO that does nothing else. Both partners are bound to one
/// CPU and the ordinary thread to another: a hop costs 5 or 50 us by where the system has put the two.
/// </summary>
internal sealed class ThreadHopRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 200;
    private const int Bytes = 64;
    private const int WorkerCpu = 0;
    private static readonly int s_cpu = Math.Min(1, Environment.ProcessorCount - 1);

    public string Name => "ordinary-xbuf-read";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnOrdinary(WorkerCpu, s_cpu, thread =>
    {
        UserBuffer buffer = new byte[Bytes];
        byte[] all = new byte[Bytes * Rounds];
        int xbuf = thread.CreateXbuf(null, all.Length, 0).OrThrow();
        using var hops = new ThreadHops(WorkerCpu);
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
