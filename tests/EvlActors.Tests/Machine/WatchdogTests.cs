using EvlActors.Behaviour;
using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests;

/// <summary>The watchdog over in-band handlers that run in the out-of-band lane; it needs a clock that moves during a turn.</summary>
public sealed class WatchdogTests
{
    [Theory]
    [InlineData(DeviceLane.Oob, 1)]
    [InlineData(DeviceLane.InBand, 0)]
    public async Task Ioctl_TakesTwoMilliseconds_ReportedInTheOobLaneOnly(DeviceLane lane, int reports)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        var scenario = new Scenario(machine);
        machine.AddDevice("/dev/slow", () => new SlowDevice(), lane);
        UserThread thread = machine.CreateProcess().CreateThread();
        int fd = await thread.OpenAsync("/dev/slow").OrThrow();

        await thread.IoctlAsync(fd, 1).OrThrow(); // the first is the JIT's, and not reported
        await thread.IoctlAsync(fd, 1).OrThrow();
        await thread.CloseAsync(fd).OrThrow();

        Assert.Equal(reports, scenario.Of(MachineEventKind.DriverWarning).Count(e => e.Detail!.Contains("handler Ioctl", StringComparison.Ordinal)));
    }

    private sealed class SlowDevice : CharDevice
    {
        protected internal override IoTask Ioctl(IoCall call)
        {
            long untilNs = MonotonicNs + 2_000_000;
            while (MonotonicNs < untilNs)
            {
            }
            return SysResult.Ok();
        }
    }
}
