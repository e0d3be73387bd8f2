using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Drivers;

/// <summary>Services that only use what is there allocate nothing.</summary>
public sealed class ServicesAllocationTests
{
    private const int Calls = 200;

    private static readonly byte[] s_overruns = new byte[8];

    [Theory]
    [InlineData("period")]
    [InlineData("sleep")]
    [InlineData("stax")]
    [InlineData("irq_work")]
    public async Task Call_OnExistingObjects_NoAllocation(string kind)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        machine.AddDevice("/dev/services", () => new ServingDevice());
        UserThread thread = machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 10);
        int element = await thread.AttachAsync().OrThrow();
        int fd = await thread.OpenAsync("/dev/services").OrThrow();
        // Shorter than any call: each finds release points missed and does not sleep.
        await thread.SetPeriodAsync(element, default, EvlTimespec.FromNs(1)).OrThrow();
        long bytes = -1;
        await thread.Process.StartThread(thread, t =>
        {
            for (int i = 0; i < Calls; i++)
                Make(t, kind, element, fd);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                Make(t, kind, element, fd);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);
    }

    private static void Make(UserThread t, string kind, int element, int fd)
    {
        SysResult result = kind switch
        {
            "period" => t.WaitPeriod(element, s_overruns).Errno == Errno.ETIMEDOUT ? 0 : Errno.EIO,
            "sleep" => t.EvlSleepUntil(default),
            "stax" => t.OobIoctl(fd, 1, default),
            _ => t.OobIoctl(fd, 2, default),
        };
        if (result.IsError)
            throw new InvalidOperationException($"{kind}: {result}");
    }

    private sealed class ServingDevice : CharDevice
    {
        private readonly EvlStax _stax = new();
        private IrqWork? _work;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            _work = CreateIrqWork(_ => { });
            return SysResult.Ok();
        }

        protected internal override async IoTask OobIoctl(IoCall call)
        {
            if (call.Command == 2)
            {
                _work!.Queue();
                return 0;
            }
            if (await _stax.Lock(call) is { IsError: true } refused)
                return refused;
            _stax.Unlock(call);
            return 0;
        }
    }
}
