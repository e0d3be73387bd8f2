namespace EvlActors.Benchmarks.Ratios;

/// <summary>open + close of an in-band device.</summary>
internal sealed class OpenCloseRow : IRatioRow
{
    private const int Samples = 15;
    private const int Rounds = 10_000; // so that the collections that it leads to are in it

    public string Name => "open-close";

    public bool NeedsFifo => false;

    public Task Run(RatioReport report) => Bench.OnOrdinary(
        thread =>
        {
            double took = Measure.Loop(Samples, Rounds, () => thread.Close(thread.Open(ZeroDevice.Path).OrThrow()).OrThrow());
            report.Absolute($"{Name} (in-band device)", took / 1000, "us", 3);
        },
        machine => machine.AddDevice(ZeroDevice.Path, () => new ZeroDevice()));
}
