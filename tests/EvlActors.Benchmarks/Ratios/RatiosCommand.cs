namespace EvlActors.Benchmarks.Ratios;

/// <summary>Measures every figure that the machine is judged by.</summary>
internal static class RatiosCommand
{
    private static readonly IRatioRow[] s_rows =
    [
        new TransferRow(64, target: 0.33),
        new TransferRow(4096, target: 0.55),
        new PipelinesRow(),
        new InBandPipeRow(),
        new ThreadHopRow(),
        new AllocationRow(),
        new OpenFilesRow(),
        new ContentionRow(),
        new BlockedReadRow(),
        new PingPongRow(),
        new ThroughputRow(),
        new OpenCloseRow(),
        new PollRow(),
        new EpollRow(),
        new LoadLatencyRow(),
        new PolicyLatencyRow(),
        new PriorityLatencyRow(),
        new IdleRow(),
    ];

    /// <summary>Measures all, or those whose names are given.</summary>
    /// <returns>How many fall short.</returns>
    public static async Task<int> Run(string[] names, TextWriter output)
    {
        bool hasFifo = await Bench.IsFifoGranted();
        var report = new RatioReport(output);
        output.WriteLine($"load average {LoadAverage()}, {Environment.ProcessorCount} CPUs, SCHED_FIFO {(hasFifo ? "granted" : "refused")}");
        foreach (IRatioRow row in s_rows.Where(row => names.Length == 0 || names.Contains(row.Name)))
        {
            if (row.NeedsFifo && !hasFifo)
                report.Unmeasured(row.Name, "");
            else
                await row.Run(report);
        }
        output.WriteLine($"load average {LoadAverage()}, {report.Short} short");
        return report.Short;
    }

    private static string LoadAverage()
    {
        const string path = "/proc/loadavg";
        return File.Exists(path) ? string.Join(' ', File.ReadAllText(path).Split(' ')[..3]) : "unknown";
    }
}
