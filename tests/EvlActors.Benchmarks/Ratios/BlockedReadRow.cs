namespace EvlActors.Benchmarks.Ratios;

/// <summary>An oob_read that falls asleep, the write that completes it, and its answer; all driven by one FIFO thread.</summary>
internal sealed class BlockedReadRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 10_000;
    private const int Bytes = 64;

    public string Name => "blocked-read";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(writer =>
    {
        UserThread reader = writer.Process.CreateThread(SchedPolicy.Fifo, 90, "reader");
        reader.Attach().OrThrow();
        UserBuffer written = new byte[Bytes];
        UserBuffer read = new byte[Bytes];
        int xbuf = writer.CreateXbuf(null, 4096, 4096).OrThrow();
        double took = Measure.Loop(Samples, Rounds, () =>
        {
            ValueTask<SysResult> asleep = reader.OobReadAsync(xbuf, read);
            writer.Write(xbuf, written).OrThrow();
            asleep.GetAwaiter().GetResult().OrThrow();
        });
        report.Absolute($"{Name} (oob_read completed by a write)", took, "ns", 400);
    });
}
