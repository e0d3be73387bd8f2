using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Tests.Machine;

/// <summary>A snapshot of a machine whose stage a driver holds up.</summary>
public sealed class SnapshotCancellationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Snapshot_StageHeldUp_CanBeCancelledAndTakenLater()
    {
        using var gate = new ManualResetEventSlim();
        var device = new HoldingDevice(gate);
        await using var machine = new EvlMachine();
        machine.AddDevice("/dev/hold", () => device);
        UserThread t = machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/hold").OrThrow();
        Task<SysResult> holding = Task.Run(() => t.Read(fd, new byte[1]));
        await device.Holds.WaitAsync(s_limit);
        using var cancellation = new CancellationTokenSource();
        Task<MachineSnapshot> taking = machine.SnapshotAsync(cancellation.Token).AsTask();
        Assert.False(taking.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.WaitAsync(s_limit));
        gate.Set();
        Assert.Equal(SysResult.Ok(), await holding.WaitAsync(s_limit));
        Assert.Single((await machine.SnapshotAsync().AsTask().WaitAsync(s_limit)).Processes);
    }

    private sealed class HoldingDevice(ManualResetEventSlim gate) : CharDevice
    {
        private readonly TaskCompletionSource _holds = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Holds => _holds.Task;

        protected internal override IoTask Read(IoCall call)
        {
            _holds.TrySetResult();
            Assert.True(gate.Wait(s_limit));
            return SysResult.Ok();
        }
    }
}
