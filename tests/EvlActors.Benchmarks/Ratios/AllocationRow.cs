namespace EvlActors.Benchmarks.Ratios;

/// <summary>
/// Bytes that calls allocate which create nothing, on whatever thread: in-band and oob, answered at once and blocked, handlers
/// that end at once and that sleep, polls.
/// </summary>
internal sealed class AllocationRow : IRatioRow
{
    private const int Rounds = 2_000;
    private const int Bytes = 64;

    // What the runtime allocates by itself (its tiers, its timers) comes now and then: the least of several attempts is the calls'.
    private const int Attempts = 7;

    public string Name => "allocated";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        UserThread sleeper = thread.Process.CreateThread(SchedPolicy.Fifo, 90, "sleeper");
        sleeper.Attach().OrThrow();
        UserBuffer buffer = new byte[Bytes];
        int xbuf = thread.CreateXbuf(null, 4096, 4096).OrThrow();
        int full = thread.CreateXbuf(null, 4096, 4096).OrThrow();
        thread.OobWrite(full, buffer).OrThrow();
        var pipe = new MachinePipe(thread, Bytes);
        UserArray<PollFd> polled = new[] { new PollFd(full, PollEvents.In) };
        int epoll = thread.EpollCreate1().OrThrow();
        thread.EpollCtl(epoll, EpollOp.Add, full, new EpollEvent(PollEvents.In, full)).OrThrow();
        UserArray<EpollEvent> events = new EpollEvent[1];
        void Calls()
        {
            thread.Write(xbuf, buffer).OrThrow();
            thread.OobRead(xbuf, buffer).OrThrow();
            ValueTask<SysResult> asleep = sleeper.OobReadAsync(xbuf, buffer);
            thread.Write(xbuf, buffer).OrThrow();
            asleep.GetAwaiter().GetResult().OrThrow();
            pipe.WriteAndRead();
            thread.Poll(polled, -1).OrThrow();
            thread.EpollWait(epoll, events, -1).OrThrow();
        }

        Measure.WarmUp(() => Measure.Nanoseconds(Rounds, Calls));
        long least = Enumerable.Range(0, Attempts).Min(_ => AllocatedByAll(Calls));
        report.Absolute($"{Name} (in {Rounds} rounds of 8 calls)", least, "B", 0);
    });

    private static long AllocatedByAll(Action calls)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Rounds; i++)
            calls();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
