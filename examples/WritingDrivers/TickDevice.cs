using EvlActors;
using EvlActors.Drivers;

namespace WritingDrivers;

/// <summary>Each open file ticks every millisecond; oob_read waits for the next tick.</summary>
internal sealed class TickDevice : CharDevice
{
    private const long PeriodNs = 1_000_000;

    protected override async IoTask Open(IoCall call)
    {
        var ticks = new EvlSemaphore();
        KernelThread ticker = RunKernelThread($"ticker-{call.File.Id}", priority: 80, self => Tick(self, ticks));
        if (await ticker.Started(call) is { IsError: true } refused)
            return refused;
        call.File.PrivateData = new Ticking(ticker, ticks);
        call.File.OpenOob();
        return 0;
    }

    protected override IoTask OobRead(IoCall call) => Of(call).Ticks.Down(call);

    protected override async IoTask Release(IoCall call)
    {
        Ticking ticking = Of(call);
        ticking.Ticks.Destroy();                            // 1. wait objects: sleepers leave with EIDRM
        await ticking.Ticker.Stop(call);                    // 2. threads and timers
        await call.File.ReleaseOob();                       // 3. the crossing
        return 0;                                           // 4. the rest
    }

    private static Ticking Of(IoCall call) => (Ticking)call.File.PrivateData!;

    private static async IoTask Tick(KernelThread self, EvlSemaphore ticks)
    {
        self.SetPeriod(firstDateNs: 0, PeriodNs);
        while (!self.ShouldStop)                            // Stop is a request: this is where it is granted
        {
            if ((await self.WaitPeriod()).Errno is Errno.None or Errno.ETIMEDOUT)
                ticks.Up();
        }
        return 0;
    }

    private sealed record Ticking(KernelThread Ticker, EvlSemaphore Ticks);
}
