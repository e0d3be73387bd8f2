namespace EvlActors.Benchmarks.Ratios;

/// <summary>epoll_wait with 10 of 10,000 files ready, beside 10 of 10.</summary>
internal sealed class EpollRow : IRatioRow
{
    private const int Samples = 15;
    private const int Rounds = 500;
    private const int Ready = 10;

    public string Name => "epoll";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        UserArray<EpollEvent> events = new EpollEvent[Ready];
        int few = PolledXbufs.CreateEpoll(thread, Ready, Ready);
        int many = PolledXbufs.CreateEpoll(thread, 10_000, Ready);
        Comparison found = Measure.Compare(
            Samples, Rounds, () => thread.EpollWait(many, events, 0).OrThrow(), () => thread.EpollWait(few, events, 0).OrThrow());
        report.Ratio($"{Name} (10 of 10,000 ready / 10 of 10)", found.Measured, "ns", found.Ratio, 1.5);
    });
}
