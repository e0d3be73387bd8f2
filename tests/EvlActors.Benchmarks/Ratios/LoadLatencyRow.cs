using EvlActors.Benchmarks.Isolation;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>How late a FIFO thread's ticks are under eight busy in-band threads, beside an idle machine.</summary>
internal sealed class LoadLatencyRow : IRatioRow
{
    public string Name => "oob-p99-load";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(
        thread =>
        {
            using var load = new InBandLoad(thread.Process);
            var ticks = new MachineTicks(thread);
            Comparison found = TickSlices.Compare(ticks, () => load.Start(), load.Pause);
            report.Ratio($"{Name} (8 in-band threads / idle)", found.Measured / 1000, "us", found.Ratio, 2);
        },
        machine => machine.AddDevice(TickDevice.Path, () => new TickDevice()));
}
