using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>What a machine looks like from outside.</summary>
public abstract class SnapshotTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Snapshot_OfAMachineAtRest_AgreesInAllItsParts() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread(name: "display");
        UserThread sampler = await s.OobThread(app, 98, "sampler");
        int xbuf = await t.CreateXbufAsync("lat-data", 64, 32).OrThrow();
        int copy = await t.DupAsync(xbuf).OrThrow();
        await t.WriteAsync(xbuf, new byte[5]).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(copy, new byte[8]);
        await s.UntilAsleep(t);

        MachineSnapshot seen = await s.Machine.SnapshotAsync();

        ProcessSnapshot process = Assert.Single(seen.Processes);
        Assert.Equal((app.Pid, 0, false), (process.Pid, process.ParentPid, process.HasEnded));
        ThreadSnapshot sleeper = Assert.Single(seen.Sleepers);
        Assert.Equal((t.Tid, "display", Stage.InBand, (SyscallNumber?)SyscallNumber.Read, copy), (sleeper.Tid, sleeper.Name, sleeper.Stage, sleeper.Call, sleeper.Fd));
        Assert.Equal((TaskState.Interruptible, FileOperation.Read), (sleeper.Task.State, sleeper.Task.Operation));
        ThreadSnapshot other = Assert.Single(process.Threads, thread => thread.Tid == sampler.Tid);
        Assert.Equal((Stage.Oob, true, null, false), (other.Stage, other.IsAttached, other.Call, other.IsAsleep));
        Assert.Equal(process.Descriptors.Select(d => d.Fd).Order(), process.Descriptors.Select(d => d.Fd));
        long file = process.Descriptors.Single(d => d.Fd == xbuf).File;
        Assert.Equal(file, process.Descriptors.Single(d => d.Fd == copy).File);
        OpenFileSnapshot open = seen.OpenFiles.Single(f => f.Id == file);
        Assert.Equal((3L, 1L, true, false), (open.InBandCount, open.OobCount, open.IsOob, open.IsReleasing));
        Assert.Equal(sleeper.Task.Where, open.Device);
        DeviceSnapshot device = seen.Devices.Single(d => d.Name == open.Device);
        Assert.Equal([new RingSnapshot("inbound", 0, 64), new RingSnapshot("outbound", 5, 32)], device.Rings);
        Assert.Contains($"asleep in Read of {open.Device}, interruptible", seen.ToString(), StringComparison.Ordinal);
        await sampler.OobWriteAsync(xbuf, new byte[8]).OrThrow();
        Assert.Equal(8, (await reading).Value);
    });

    [Fact]
    public Task Snapshot_WhileARelease_WaitsForItsCrossing_ShowsTheFileWithoutDescriptor() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/slow", () => new SlowReleaseDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread closer = t.Process.CreateThread();
        int fd = await t.OpenAsync("/dev/slow").OrThrow();
        int control = await t.OpenAsync("/dev/slow").OrThrow();
        ValueTask<SysResult> closing = closer.CloseAsync(fd);
        await s.UntilAsleep(closer);

        MachineSnapshot during = await s.Machine.SnapshotAsync();
        await t.IoctlAsync(control, 1).OrThrow();
        Assert.Equal(SysResult.Ok(), await closing);
        MachineSnapshot after = await s.Machine.SnapshotAsync();

        OpenFileSnapshot releasing = Assert.Single(during.OpenFiles, file => file.IsReleasing);
        Assert.Equal(("/dev/slow", 0L), (releasing.Device, releasing.InBandCount));
        Assert.DoesNotContain(during.Processes.Single().Descriptors, descriptor => descriptor.Fd == fd);
        Assert.Equal(TaskState.Uninterruptible, Assert.Single(during.Sleepers).Task.State);
        Assert.DoesNotContain(after.OpenFiles, file => file.Id == releasing.Id);
        Assert.Empty(after.Sleepers);
    });

    [Fact]
    public Task Snapshot_WhileDescriptorsComeAndGo_ShowsNoneWithoutItsFile() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread other = await s.OobThread(app);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        Task working = Work();
        for (int i = 0; i < 20; i++)
        {
            MachineSnapshot seen = await s.Machine.SnapshotAsync();
            HashSet<long> files = [.. seen.OpenFiles.Select(file => file.Id)];
            Assert.All(seen.Processes.SelectMany(process => process.Descriptors), descriptor => Assert.Contains(descriptor.File, files));
        }
        await working;

        async Task Work()
        {
            for (int i = 0; i < 20; i++)
            {
                int made = await other.CreateXbufAsync(null, 16, 16).OrThrow();
                await other.Dup2Async(xbuf, made).OrThrow();
                await other.CloseAsync(made).OrThrow();
            }
        }
    });

    [Fact]
    public Task Snapshot_KernelThread_StandsAtItsDevice() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/runs", () => new RunningDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.OpenAsync("/dev/runs").OrThrow();
        DeviceSnapshot device = (await s.Machine.SnapshotAsync()).Devices.Single(d => d.Name == "/dev/runs");
        Assert.Equal([new KernelThreadSnapshot("runner", 7, IsAsleep: true)], device.KernelThreads);
        Assert.False(device.HasFailed);
    });

    [Fact]
    public Task Snapshot_ChildThatHasEnded_StandsThereUntilItIsWaitedFor() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        int pid = await t.ForkAsync().OrThrow();
        EvlProcess child = s.Machine.GetProcess(pid)!; // it was forked just now
        await child.ExitAsync(3);
        ProcessSnapshot dead = (await s.Machine.SnapshotAsync()).Processes.Single(p => p.Pid == pid);
        Assert.Equal((app.Pid, true), (dead.ParentPid, dead.HasEnded));
        Assert.Empty(dead.Descriptors);
        await t.WaitAsync(pid);
        Assert.DoesNotContain((await s.Machine.SnapshotAsync()).Processes, p => p.Pid == pid);
    });

    [Fact]
    public Task Snapshot_OfAMachineThatHasEnded_IsEmpty() => Play(async s =>
    {
        s.Machine.CreateProcess();
        await s.Machine.DisposeAsync();
        MachineSnapshot seen = await s.Machine.SnapshotAsync();
        Assert.Empty(seen.Processes);
        Assert.Empty(seen.OpenFiles);
    });

    private sealed class SlowReleaseDevice : CharDevice
    {
        private readonly WaitQueue _gate = new();

        protected internal override async IoTask Release(IoCall call)
        {
            await _gate.WaitUninterruptible(call);
            return 0;
        }

        protected internal override IoTask Ioctl(IoCall call)
        {
            _gate.WakeAll();
            return SysResult.Ok();
        }
    }

    private sealed class RunningDevice : CharDevice
    {
        private readonly WaitQueue _never = new();

        protected internal override async IoTask Open(IoCall call) =>
            await RunKernelThread("runner", 7, async thread => await _never.Wait(thread)).Started(call);
    }
}
