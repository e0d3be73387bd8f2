using Akka.TestKit;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>A machine under the test kit's scheduler: its hours pass when the test says so.</summary>
public sealed class TestTimeTests() : MachineKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private const int MaxSteps = 1_000; // a week, for the hours that the tests ask for

    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Poll_OneHour_EndsWhenTheTestsHourHasPassed()
    {
        UserThread t = Machine.CreateProcess().CreateThread();
        long before = Machine.Engine.MonotonicNs;
        Task<SysResult> polling = t.PollAsync(UserArray<PollFd>.Null, 3_600_000).AsTask();
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid);
        await AdvanceUntil(polling);
        Assert.Equal(SysResult.Ok(), await polling);
        long passed = Machine.Engine.MonotonicNs - before;
        Assert.True(passed >= 3_600_000_000_000);
    }

    [Fact]
    public async Task DriversTimer_Periodic_TicksInTheTestsTime()
    {
        Machine.AddDevice("/dev/hourly", () => new HourlyDevice());
        EvlProcess app = Machine.CreateProcess();
        UserThread oob = await OobThread(app);
        int fd = await oob.OpenAsync("/dev/hourly").OrThrow();
        Task<SysResult> third = oob.OobReadAsync(fd, new byte[1]).AsTask();
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == oob.Tid);
        await AdvanceUntil(third);
        Assert.Equal(SysResult.Ok(3), await third);
    }

    // The machine's actors run on threads of their own: a round trip lets them take in what the step has brought.
    private async Task AdvanceUntil(Task ended)
    {
        UserThread other = Machine.CreateProcess().CreateThread();
        for (int step = 0; step < MaxSteps && !ended.IsCompleted; step++)
        {
            ((TestScheduler)Sys.Scheduler).Advance(s_step);
            await other.GetpidAsync();
        }
        await ended.WaitAsync(Limit);
    }

    private sealed class HourlyDevice : CharDevice
    {
        private readonly WaitQueue _readers = new();
        private EvlTimer? _timer;
        private int _ticks;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            _timer = CreateTimer(Tick);
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call)
        {
            _timer!.Start(MonotonicNs + 3_600_000_000_000, 3_600_000_000_000);
            while (_ticks < 3)
            {
                if (await _readers.Wait(call) is { IsError: true } interrupted)
                    return interrupted;
            }
            _timer.Stop();
            return _ticks;
        }

        private IoTask Tick(InterruptContext context)
        {
            _ticks++;
            _readers.WakeAll();
            return SysResult.Ok();
        }
    }
}
