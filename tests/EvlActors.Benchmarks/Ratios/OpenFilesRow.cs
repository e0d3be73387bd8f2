namespace EvlActors.Benchmarks.Ratios;

/// <summary>Reads of random files among 100,000 open ones, beside reads of a single one; and what an open file weighs.</summary>
internal sealed class OpenFilesRow : IRatioRow
{
    private const int Samples = 15;
    private const int Rounds = 2_000;
    private const int Files = 100_000;
    private const int Seed = 1;

    public string Name => "open-files";

    public bool NeedsFifo => false;

    public Task Run(RatioReport report) => Bench.OnOrdinary(
        thread =>
        {
            UserBuffer buffer = new byte[8];
            int one = thread.Open(ZeroDevice.Path).OrThrow();
            int[] fds = new int[Files];
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < Files; i++)
                fds[i] = thread.Open(ZeroDevice.Path).OrThrow();
            double weight = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Files;
            var random = new Random(Seed);
            random.Shuffle(fds);
            int next = 0;
            Comparison found = Measure.Compare(
                Samples,
                Rounds,
                () =>
                {
                    next = next + 1 < fds.Length ? next + 1 : 0;
                    thread.Read(fds[next], buffer).OrThrow();
                },
                () => thread.Read(one, buffer).OrThrow());
            report.Ratio("random-call (1 of 100,000 files / 1 of 1)", found.Measured, "ns", found.Ratio, 6);
            report.Absolute("random-call (1 of 100,000 files)", found.Measured, "ns", 800);
            report.Absolute("open-file memory (with its actor)", weight, "B", 1024);
        },
        machine => machine.AddDevice(ZeroDevice.Path, () => new ZeroDevice()));
}
