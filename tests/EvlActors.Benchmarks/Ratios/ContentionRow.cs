using System.Diagnostics;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>Eight ordinary threads that write and read pipes of their own, all in the in-band lane: wall time for each pair.</summary>
internal sealed class ContentionRow : IRatioRow
{
    private const int Samples = 15;
    private const int Threads = 8;
    private const int Rounds = 2_000;
    private const int Bytes = 64;

    public string Name => "contention";

    public bool NeedsFifo => false;

    public async Task Run(RatioReport report)
    {
        await using var machine = new EvlMachine();
        EvlProcess process = machine.CreateProcess();
        using var start = new Barrier(Threads + 1);
        using var end = new Barrier(Threads + 1);
        bool isOver = false;
        var bodies = new Task[Threads];
        for (int i = 0; i < Threads; i++)
        {
            bodies[i] = process.StartThread(process.CreateThread(), thread =>
            {
                var pipe = new MachinePipe(thread, Bytes);
                while (true)
                {
                    start.SignalAndWait();
                    if (isOver)
                        return;
                    for (int round = 0; round < Rounds; round++)
                        pipe.WriteAndRead();
                    end.SignalAndWait();
                }
            });
        }

        double Sample()
        {
            start.SignalAndWait();
            long began = Stopwatch.GetTimestamp();
            end.SignalAndWait();
            return Stopwatch.GetElapsedTime(began).TotalNanoseconds / (Threads * Rounds);
        }

        double median = Measure.Typical(Samples, Sample);
        isOver = true;
        start.SignalAndWait();
        await Task.WhenAll(bodies);
        report.Absolute($"{Name} ({Threads} threads on one lane, a pair)", median, "ns", 400);
    }
}
