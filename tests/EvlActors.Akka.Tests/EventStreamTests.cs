using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>Probes that watch a machine through the EventStream: hooks, reference counts, the order of a release.</summary>
public sealed class EventStreamTests : MachineKit
{
    [Fact]
    public async Task Hooks_OpenDup2Close_ProbeHearsOfEachInOrder()
    {
        Machine.AddDevice("/dev/both", () => new BothStagesDevice());
        UserThread t = Machine.CreateProcess().CreateThread();
        int first = await t.OpenAsync("/dev/both").OrThrow();
        Assert.Equal(first, (await Until(e => e.Kind == MachineEventKind.HookInstall)).Fd);
        int second = await t.OpenAsync("/dev/both").OrThrow();
        Assert.Equal(second, (await Until(e => e.Kind == MachineEventKind.HookInstall)).Fd);
        await t.Dup2Async(first, second).OrThrow();
        Assert.Equal(second, (await Until(e => e.Kind == MachineEventKind.HookReplace)).Fd);
        await t.CloseAsync(first).OrThrow();
        Assert.Equal(first, (await Until(e => e.Kind == MachineEventKind.HookUninstall)).Fd);
    }

    [Fact]
    public async Task ReferenceCounts_DupAndClose_RiseAndFall()
    {
        Machine.AddDevice("/dev/both", () => new BothStagesDevice());
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/both").OrThrow();
        long file = (await Until(e => e.Kind == MachineEventKind.HookInstall)).File;
        int copy = await t.DupAsync(fd).OrThrow();
        Assert.Equal(2, (await Until(e => e.Kind == MachineEventKind.InBandReferenceTaken && e.File == file && e.Nr == SyscallNumber.Dup)).Count);
        await t.CloseAsync(copy).OrThrow();
        Assert.Equal(1, (await Until(e => e.Kind == MachineEventKind.InBandReferencePut && e.Nr == SyscallNumber.Close)).Count);
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(0, (await Until(e => e.Kind == MachineEventKind.InBandReferencePut && e.Nr == SyscallNumber.Close)).Count);
        Assert.Equal(0, (await Until(e => e.Kind == MachineEventKind.OobReferencePut && e.File == file)).Count);
    }

    [Fact]
    public async Task Release_OobReaderAsleep_DismantledOnlyAfterItHasLeft()
    {
        Machine.AddDevice("/dev/both", () => new BothStagesDevice());
        EvlProcess app = Machine.CreateProcess();
        UserThread closer = app.CreateThread();
        UserThread reader = await OobThread(app);
        int fd = await closer.OpenAsync("/dev/both").OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[4]);
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == reader.Tid);
        await closer.CloseAsync(fd).OrThrow();
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        var seen = new List<MachineEvent>();
        await Happened.FishForMessageAsync<EvlEvent>(happened =>
        {
            seen.Add(happened.Event);
            return happened.Event.Kind == MachineEventKind.CallAnswered && happened.Event.Nr == SyscallNumber.Close;
        }, Limit);
        MachineEventKind[] expected =
        [
            MachineEventKind.HookUninstall, MachineEventKind.ReleaseBegun, MachineEventKind.ReleaseOobBegun,
            MachineEventKind.ReleaseOobDone, MachineEventKind.ReleaseDone, MachineEventKind.CallAnswered,
        ];
        Assert.Equal(expected, seen
            .Where(e => expected.Contains(e.Kind) && (e.Kind != MachineEventKind.CallAnswered || e.Nr == SyscallNumber.Close))
            .OrderBy(e => e.Sequence).Select(e => e.Kind));
        long left = seen.Where(e => e.Kind == MachineEventKind.OobReferencePut).Max(e => e.Sequence);
        Assert.True(left < seen.Single(e => e.Kind == MachineEventKind.ReleaseOobDone).Sequence);
    }

    [Fact]
    public async Task Events_OfTwoMachines_NameTheirs()
    {
        await using var other = new AkkaMachine(Sys, new AkkaMachineOptions { Name = "other" });
        await using var silent = new AkkaMachine(Sys, new AkkaMachineOptions { Name = "silent", PublishEvents = false });
        foreach (AkkaMachine machine in new[] { silent, other, Host })
            await machine.Machine.CreateProcess().CreateThread().GetpidAsync().OrThrow();
        var names = new HashSet<string>();
        await Happened.FishForMessageAsync<EvlEvent>(happened =>
        {
            names.Add(happened.Machine);
            return happened.Machine == "evl" && happened.Event.Nr == SyscallNumber.Getpid;
        }, Limit);
        Assert.Equal(["evl", "other"], names.Order());
    }

    private sealed class BothStagesDevice : CharDevice
    {
        private readonly WaitQueue _readers = new();

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call) => await _readers.Wait(call);

        protected internal override async IoTask Release(IoCall call)
        {
            _readers.Flush();
            await call.File.ReleaseOob();
            return 0;
        }
    }
}
