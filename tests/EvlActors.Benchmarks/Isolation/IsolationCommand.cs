using EvlActors.Engine;

namespace EvlActors.Benchmarks.Isolation;

/// <summary>
/// latmus's loop, a tick a millisecond, beside a native loop in the same run: without load, under eight in-band threads, and
/// under eight that also make garbage. The conditions alternate, so that what disturbs the computer disturbs all of them.
/// </summary>
internal static class IsolationCommand
{
    private const int Rounds = 10;
    private const int TicksARound = 500;
    private const int GarbageBytes = 256;
    private const int NativePriority = 80;

    private static readonly (string Name, bool IsOn, int Garbage)[] s_loads =
        [("idle", false, 0), ("8 in-band threads", true, 0), ($"8 in-band threads, {GarbageBytes} B garbage a round", true, GarbageBytes)];

    public static async Task Run(TextWriter output)
    {
        if (!await Bench.IsFifoGranted())
        {
            output.WriteLine("isolation  unmeasured: SCHED_FIFO is refused");
            return;
        }
        await Bench.OnFifo(
            thread =>
            {
                using var load = new InBandLoad(thread.Process);
                Alternate(new MachineTicks(thread), load, output);
            },
            machine => machine.AddDevice(TickDevice.Path, () => new TickDevice()));
    }

    private static void Alternate(MachineTicks machine, InBandLoad load, TextWriter output)
    {
        (string Name, ITickSource Source)[] loops = [("machine", machine), ("native", new NativeTicks())];
        OsThread.TryBecomeRealTime(NativePriority);
        _ = Latencies.P99(machine, TicksARound);
        var figures = new IsolationFigures[s_loads.Length, loops.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < s_loads.Length; i++)
            {
                if (s_loads[i].IsOn)
                    load.Start(s_loads[i].Garbage);
                for (int j = 0; j < loops.Length; j++)
                    (figures[i, j] ??= new IsolationFigures(Rounds * TicksARound)).Take(loops[j].Source, TicksARound);
                load.Pause();
            }
        }
        output.WriteLine($"{"load",-42} {"loop",-8} {IsolationFigures.Heading}");
        for (int i = 0; i < s_loads.Length; i++)
        {
            for (int j = 0; j < loops.Length; j++)
                output.WriteLine($"{s_loads[i].Name,-42} {loops[j].Name,-8} {figures[i, j]}");
            double ratio = (double)figures[i, 0].P99 / figures[i, 1].P99;
            output.WriteLine($"{s_loads[i].Name,-42} p99, machine / native: {ratio:F2}");
        }
    }
}
