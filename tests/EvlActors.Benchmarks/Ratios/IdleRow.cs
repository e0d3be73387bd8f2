namespace EvlActors.Benchmarks.Ratios;

/// <summary>The CPU time that a machine uses in which nothing happens: of all threads but the one that measures, which has to wake up.</summary>
internal sealed class IdleRow : IRatioRow
{
    private const int Samples = 7;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(500);

    public string Name => "idle";

    public bool NeedsFifo => false;

    public Task Run(RatioReport report) => Bench.OnOrdinary(thread =>
    {
        thread.CreateXbuf(null, 64, 64).OrThrow();
        double[] shares = new double[Samples];
        for (int sample = 0; sample < Samples; sample++)
        {
            long beganNs = LinuxClock.NowNs;
            long usedNs = OthersCpuNs;
            Thread.Sleep(s_window);
            // The two clocks are read one after the other: nothing may come out as a little less than nothing.
            shares[sample] = 100.0 * Math.Max(0, OthersCpuNs - usedNs) / (LinuxClock.NowNs - beganNs);
        }
        report.Absolute($"{Name} (CPU of a machine without calls)", Measure.Median(shares), "%", 0.1);
    });

    private static long OthersCpuNs => LinuxClock.ProcessCpuNs - LinuxClock.ThreadCpuNs;
}
