using EvlActors.Drivers;
using EvlActors.Engine;
using EvlActors.Tests.Engine;
using Xunit;

namespace EvlActors.Tests.Machine;

/// <summary>A process that is made while the machine is disposed of is ended with the others, or refused.</summary>
public sealed class LateProcessTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task CreateProcess_AfterTheLastWasTaken_Refused()
    {
        using var mayGoOn = new ManualResetEventSlim();
        var isMaking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new GatedEngine(new PriorityEngine());
        var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        engine.Spawning = name =>
        {
            if (!name.StartsWith("tables/", StringComparison.Ordinal))
                return;
            isMaking.SetResult();
            Assert.True(mayGoOn.Wait(s_limit));
        };
        Task<EvlProcess> making = Task.Run(() => machine.CreateProcess());
        await isMaking.Task.WaitAsync(s_limit);
        // The machine has found no process, and is about to end.
        engine.Disposing = async () =>
        {
            mayGoOn.Set();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => making).WaitAsync(s_limit);
        };

        await machine.DisposeAsync().AsTask().WaitAsync(s_limit);

        Assert.True(making.IsFaulted);
    }

    [Fact]
    public async Task CreateProcess_WhileAnotherEnds_EndedByTheDispose()
    {
        using var mayGoOn = new ManualResetEventSlim();
        var isMaking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new GatedEngine(new PriorityEngine());
        var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        var device = new SlowReleaseDevice();
        machine.AddDevice("/dev/slow", () => device);
        await machine.CreateProcess().CreateThread().OpenAsync("/dev/slow").OrThrow();
        engine.Spawning = name =>
        {
            if (!name.StartsWith("tables/", StringComparison.Ordinal))
                return;
            isMaking.SetResult();
            Assert.True(mayGoOn.Wait(s_limit));
        };
        Task<EvlProcess> making = Task.Run(() => machine.CreateProcess());
        await isMaking.Task.WaitAsync(s_limit);
        ValueTask disposing = machine.DisposeAsync();
        await device.IsReleasing.Task.WaitAsync(s_limit);

        mayGoOn.Set();
        EvlProcess made = await making.WaitAsync(s_limit);
        device.Gate.SetResult();

        await disposing.AsTask().WaitAsync(s_limit);
        Assert.True(made.Info.HasEnded);
    }

    private sealed class SlowReleaseDevice : CharDevice
    {
        public TaskCompletionSource IsReleasing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected internal override async IoTask Release(IoCall call)
        {
            IsReleasing.SetResult();
            await Gate.Task;
            return 0;
        }
    }
}
