namespace EvlActors.Benchmarks.Ratios;

/// <summary>An ordinary thread's write + read on an in-band pipe of the machine, beside a kernel pipe on the same thread.</summary>
internal sealed class InBandPipeRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 10_000; // so that what the yardstick leaves in the caches is a small part
    private const int Bytes = 64;

    public string Name => "inband-pipe";

    public bool NeedsFifo => false;

    public Task Run(RatioReport report) => Bench.OnOrdinary(thread =>
    {
        using var pipe = new LinuxPipe();
        byte[] data = new byte[Bytes];
        var own = new MachinePipe(thread, Bytes);
        Comparison found = Measure.Compare(Samples, Rounds, own.WriteAndRead, () => pipe.WriteAndRead(data));
        report.Ratio("inband-pipe (machine's / kernel pipe)", found.Measured, "ns", found.Ratio, 0.5);
    });
}
