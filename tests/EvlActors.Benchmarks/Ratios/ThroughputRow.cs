namespace EvlActors.Benchmarks.Ratios;

/// <summary>write + oob_read of 64 KB through a cross-buffer, beside the two copies that it can't do without.</summary>
internal sealed class ThroughputRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 200;
    private const int Bytes = 65536;

    public string Name => "throughput";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        byte[] source = new byte[Bytes];
        byte[] middle = new byte[Bytes];
        byte[] target = new byte[Bytes];
        UserBuffer written = source;
        UserBuffer read = target;
        int xbuf = thread.CreateXbuf(null, Bytes, Bytes).OrThrow();
        Comparison found = Measure.Compare(
            Samples,
            Rounds,
            () =>
            {
                thread.Write(xbuf, written).OrThrow();
                thread.OobRead(xbuf, read).OrThrow();
            },
            () =>
            {
                source.AsSpan().CopyTo(middle);
                middle.AsSpan().CopyTo(target);
            });
        report.RatioAtLeast($"{Name} (64 KB transfers / memcpy twice)", Bytes / found.Measured, "GB/s", 1 / found.Ratio, 0.6);
    });
}
