using EvlActors.Benchmarks.Isolation;
using EvlActors.Engine;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>How late ticks are on a machine without SCHED_FIFO, beside one with it, each under eight busy in-band threads.</summary>
internal sealed class PolicyLatencyRow : IRatioRow
{
    public string Name => "oob-p99-policy";

    public bool NeedsFifo => true;

    public async Task Run(RatioReport report)
    {
        await using var ordinary = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        await using var realTime = new EvlMachine();
        double[] p99s = new double[TickSlices.Samples];
        double[] ratios = new double[TickSlices.Samples];
        for (int sample = 0; sample < TickSlices.Samples; sample++)
        {
            p99s[sample] = await P99(ordinary);
            ratios[sample] = p99s[sample] / await P99(realTime);
        }
        report.RatioAtLeast($"{Name} (SCHED_OTHER / SCHED_FIFO, same load)", Measure.Median(p99s) / 1000, "us", Measure.Median(ratios), 8);
    }

    private static async Task<double> P99(EvlMachine machine)
    {
        machine.AddDevice(TickDevice.Path, () => new TickDevice());
        EvlProcess process = machine.CreateProcess();
        double p99 = 0;
        await process.StartThread(SchedPolicy.Fifo, 80, thread =>
        {
            thread.Attach().OrThrow();
            var ticks = new MachineTicks(thread);
            _ = Latencies.P99(ticks, TickSlices.Ticks);
            using var load = new InBandLoad(process);
            load.Start();
            p99 = Latencies.P99(ticks, TickSlices.Ticks);
        });
        await process.ExitAsync();
        machine.RemoveDevice(TickDevice.Path);
        return p99;
    }
}
