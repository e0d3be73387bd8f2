namespace EvlActors.Benchmarks.Ratios;

/// <summary>poll over 1,000 cross-buffers, of which the last is ready.</summary>
internal sealed class PollRow : IRatioRow
{
    private const int Samples = 15;
    private const int Rounds = 20;

    public string Name => "poll";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        PollFd[] fds = [.. PolledXbufs.Create(thread, 1000, ready: 1).Select(fd => new PollFd(fd, PollEvents.In))];
        UserArray<PollFd> array = fds;
        double took = Measure.Loop(Samples, Rounds, () => thread.Poll(array, -1).OrThrow());
        report.Absolute($"{Name} (1 of 1,000 xbufs ready)", took / 1000, "us", 60);
    });
}
