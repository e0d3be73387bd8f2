namespace EvlActors.Benchmarks;

/// <summary>epoll_wait with 10 files ready, of 10 and of 10,000; poll over 1,000 cross-buffers of which one is ready.</summary>
internal static class PollBenchmark
{
    private const int Samples = 9;
    private const int Ready = 10;

    public static Task RunEpoll(TextWriter output) => Run(output, thread =>
    {
        var found = new EpollEvent[Ready];
        UserArray<EpollEvent> events = found;
        int few = PolledXbufs.CreateEpoll(thread, Ready, Ready);
        int many = PolledXbufs.CreateEpoll(thread, 10_000, Ready);
        void Few() => thread.EpollWait(few, events, 0).OrThrow();
        void Many() => thread.EpollWait(many, events, 0).OrThrow();
        double[] medians = Measure.Medians(Samples, 2000, Few, Many);
        long bytes = Measure.Allocated(2000, Many);
        output.WriteLine($"epoll_wait, {Ready} ready: of {Ready} {medians[0]:F0} ns  of 10000 {medians[1]:F0} ns  allocated {bytes} B in 2000");
    });

    public static Task RunPoll(TextWriter output) => Run(output, thread =>
    {
        PollFd[] fds = [.. PolledXbufs.Create(thread, 1000, ready: 1).Select(fd => new PollFd(fd, PollEvents.In))];
        UserArray<PollFd> array = fds;
        void AtOnce() => thread.Poll(array, 0).OrThrow();
        void Watching() => thread.Poll(array, -1).OrThrow();
        double[] medians = Measure.Medians(Samples, 50, AtOnce, Watching);
        long bytes = Measure.Allocated(50, Watching);
        output.WriteLine(
            $"poll, 1 of {fds.Length} ready: timeout 0 {medians[0] / 1000:F0} us  timeout -1 {medians[1] / 1000:F0} us  allocated {bytes} B in 50");
    });

    private static async Task Run(TextWriter output, Action<UserThread> body)
    {
        await using var machine = new EvlMachine();
        EvlProcess process = machine.CreateProcess(new EvlProcessOptions { MaxFiles = 20_000 });
        UserThread thread = process.CreateThread();
        await process.StartThread(thread, t =>
        {
            t.Attach().OrThrow();
            body(t);
        });
        await output.FlushAsync();
    }
}
