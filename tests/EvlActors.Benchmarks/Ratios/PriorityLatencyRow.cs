using EvlActors.Benchmarks.Isolation;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>How late a FIFO thread's ticks are while one of lower priority keeps the oob lane busy, beside ticks alone.</summary>
internal sealed class PriorityLatencyRow : IRatioRow
{
    private const int LowPriority = 20;
    private const int Bytes = 64;
    private const int CallsInARow = 100;
    private const long RestNs = 40_000; // or the kernel's limit on real-time threads stops them all

    public string Name => "oob-p99-priority";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(
        thread =>
        {
            using var isOn = new ManualResetEventSlim();
            bool isOver = false;
            Task lower = thread.Process.StartThread(SchedPolicy.Fifo, LowPriority, busy =>
            {
                busy.Attach().OrThrow();
                UserBuffer buffer = new byte[Bytes];
                int xbuf = busy.CreateXbuf(null, 4096, 4096).OrThrow();
                while (!Volatile.Read(ref isOver))
                {
                    isOn.Wait();
                    for (int i = 0; i < CallsInARow; i++)
                    {
                        busy.Write(xbuf, buffer).OrThrow();
                        busy.OobRead(xbuf, buffer).OrThrow();
                    }
                    LinuxClock.SleepUntil(LinuxClock.NowNs + RestNs);
                }
            });
            Comparison found = TickSlices.Compare(new MachineTicks(thread), isOn.Set, isOn.Reset);
            Volatile.Write(ref isOver, true);
            isOn.Set();
            lower.Wait();
            report.Ratio($"{Name} (FIFO 80 over a busy FIFO {LowPriority} / alone)", found.Measured / 1000, "us", found.Ratio, 2);
        },
        machine => machine.AddDevice(TickDevice.Path, () => new TickDevice()));
}
