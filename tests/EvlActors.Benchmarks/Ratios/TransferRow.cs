namespace EvlActors.Benchmarks.Ratios;

/// <summary>write + oob_read through a cross-buffer by one attached FIFO thread, beside write + read through a kernel pipe.</summary>
internal sealed class TransferRow(int bytes, double target) : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 10_000; // so that what the yardstick leaves in the caches is a small part

    public string Name => $"transfer-{bytes}";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        using var pipe = new LinuxPipe();
        byte[] data = new byte[bytes];
        UserBuffer buffer = data;
        int xbuf = thread.CreateXbuf(null, 65536, 65536).OrThrow();
        Comparison found = Measure.Compare(
            Samples,
            Rounds,
            () =>
            {
                thread.Write(xbuf, buffer).OrThrow();
                thread.OobRead(xbuf, buffer).OrThrow();
            },
            () => pipe.WriteAndRead(data));
        report.Ratio($"{Name} (xbuf / kernel pipe)", found.Measured, "ns", found.Ratio, target);
    });
}
