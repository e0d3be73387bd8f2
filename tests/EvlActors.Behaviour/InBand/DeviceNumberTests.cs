using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Regions of device numbers, devices of several nodes, and the end of a device that has lost them.</summary>
public abstract class DeviceNumberTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly string[] s_paths = ["/dev/n0", "/dev/n1", "/dev/n2"];

    [Fact]
    public Task AddDevices_SeveralNodes_OneDriverToldWhich() => Play(async s =>
    {
        DeviceNumber first = s.Machine.AllocChrdevRegion(3, "numbered", firstMinor: 5);
        int made = 0;
        s.Machine.AddDevices(s_paths, first, () => { made++; return new NumberedDevice(); });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        for (int i = 0; i < s_paths.Length; i++)
        {
            int fd = await t.OpenAsync(s_paths[i]).OrThrow();
            Assert.Equal(5 + i, (await t.IoctlAsync(fd, NumberedDevice.WhichNode)).Value);
        }
        Assert.Equal(1, made);
        Assert.Single(s.Of(MachineEventKind.DeviceSpawned), e => e.Detail == s_paths[0]);
    });

    [Fact]
    public Task Regions_OverlapUseAndEnd_Refused() => Play(s =>
    {
        EvlMachine m = s.Machine;
        DeviceNumber a = m.AllocChrdevRegion(4, "a");
        DeviceNumber b = m.AllocChrdevRegion(1, "b");
        Assert.NotEqual(a.Major, b.Major);
        Assert.Equal(254, a.Major);
        Assert.Throws<InvalidOperationException>(() => m.RegisterChrdevRegion(a.Plus(3), 2, "c"));
        m.RegisterChrdevRegion(a.Plus(4), 2, "c");
        Assert.Throws<InvalidOperationException>(() => m.AddDevices(["/dev/x"], new DeviceNumber(1, 0), () => new PlainDevice()));
        Assert.Throws<InvalidOperationException>(() => m.AddDevices(s_paths, a.Plus(2), () => new PlainDevice()));
        m.AddDevices(["/dev/x"], a, () => new PlainDevice());
        Assert.Throws<InvalidOperationException>(() => m.AddDevices(["/dev/y"], a, () => new PlainDevice()));
        Assert.Throws<InvalidOperationException>(() => m.AddDevices(["/dev/y", "/dev/x"], a.Plus(1), () => new PlainDevice()));
        m.AddDevices(["/dev/y"], a.Plus(1), () => new PlainDevice());
        Assert.Throws<InvalidOperationException>(() => m.UnregisterChrdevRegion(a, 4));
        m.RemoveDevice("/dev/x");
        m.RemoveDevice("/dev/y");
        Assert.Throws<InvalidOperationException>(() => m.UnregisterChrdevRegion(a, 3));
        m.UnregisterChrdevRegion(a, 4);
        Assert.Throws<ArgumentException>(() => m.AddDevices([], b, () => new PlainDevice()));
        Assert.Throws<ArgumentOutOfRangeException>(() => m.AllocChrdevRegion(0, "none"));
        Assert.Throws<ArgumentOutOfRangeException>(() => m.AllocChrdevRegion(2, "many", DeviceNumber.MaxMinor));
        Assert.Equal("254:3", a.Plus(3).ToString());
        return Task.CompletedTask;
    });

    [Fact]
    public Task AddDevices_SecondPathIsTaken_NothingIsAdded() => Play(async s =>
    {
        DeviceNumber first = s.Machine.AllocChrdevRegion(2, "numbered");
        s.Machine.AddDevice("/dev/taken", () => new PlainDevice());
        Assert.Throws<InvalidOperationException>(() => s.Machine.AddDevices(["/dev/free", "/dev/taken"], first, () => new NumberedDevice()));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/free")).Errno);
        s.Machine.AddDevices(["/dev/free", "/dev/other"], first, () => new NumberedDevice());
        Assert.Equal(3, await t.OpenAsync("/dev/free").OrThrow());
    });

    [Fact]
    public Task RemoveDevice_LastFileClosed_DeviceEndsWithItsServices() => Play(async s =>
    {
        var device = new NumberedDevice();
        s.Machine.AddDevice("/dev/gone", () => device);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/gone").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        await t.IoctlAsync(fd, NumberedDevice.StartServices).OrThrow();
        s.Machine.RemoveDevice("/dev/gone");
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(0, (await t.IoctlAsync(dup, NumberedDevice.WhichNode)).Value);
        Assert.DoesNotContain(s.Events, e => e.Kind == MachineEventKind.DeviceEnded);
        await t.CloseAsync(dup).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceEnded && e.Detail == "/dev/gone");
        Assert.True(device.HasThreadEnded);
        Assert.Equal(Errno.ENXIO, (await t.OpenAsync("/dev/gone")).Errno);
    });

    [Fact]
    public Task RemoveDevice_WithoutFiles_EndsAtOnceAndCanBeAddedAnew() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        for (int i = 0; i < 3; i++)
        {
            s.Machine.AddDevice("/dev/hot", () => new NumberedDevice());
            await t.CloseAsync(await t.OpenAsync("/dev/hot").OrThrow()).OrThrow();
            s.Machine.RemoveDevice("/dev/hot");
        }
        await s.Until(_ => s.Of(MachineEventKind.DeviceEnded).Count() == 3);
        s.Machine.AddDevice("/dev/hot", () => new NumberedDevice());
        s.Machine.RemoveDevice("/dev/hot");
        s.Machine.AddDevice("/dev/hot", () => new NumberedDevice());
        Assert.Equal(3, await t.OpenAsync("/dev/hot").OrThrow());
    });

    [Fact]
    public Task RemoveDevice_OneOfSeveralNodes_TheOthersKeepTheDevice() => Play(async s =>
    {
        DeviceNumber first = s.Machine.AllocChrdevRegion(3, "numbered");
        s.Machine.AddDevices(s_paths, first, () => new NumberedDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.CloseAsync(await t.OpenAsync(s_paths[0]).OrThrow()).OrThrow();
        s.Machine.RemoveDevice(s_paths[0]);
        s.Machine.RemoveDevice(s_paths[2]);
        Assert.Equal(Errno.ENXIO, (await t.OpenAsync(s_paths[0])).Errno);
        int fd = await t.OpenAsync(s_paths[1]).OrThrow();
        s.Machine.AddDevices([s_paths[0]], first, () => new NumberedDevice());
        Assert.Equal(0, (await t.IoctlAsync(await t.OpenAsync(s_paths[0]).OrThrow(), NumberedDevice.WhichNode)).Value);
        s.Machine.RemoveDevice(s_paths[1]);
        Assert.Equal(1, (await t.IoctlAsync(fd, NumberedDevice.WhichNode)).Value);
        Assert.DoesNotContain(s.Events, e => e.Kind == MachineEventKind.DeviceEnded);
        await t.CloseAsync(fd).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceEnded && e.Detail == s_paths[0]);
    });

    [Fact]
    public Task RemoveDevice_WhileAnOpenSleepsInTheDriver_OpenSucceedsAndItsCloseEndsTheDevice() => Play(async s =>
    {
        var gate = new TaskCompletionSource();
        s.Machine.AddDevice("/dev/slow", () => new NumberedDevice { OpenWaits = gate.Task });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        ValueTask<SysResult> opening = t.OpenAsync("/dev/slow");
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == t.Tid && e.Detail == nameof(FileOperation.Open));
        s.Machine.RemoveDevice("/dev/slow");
        Assert.Equal(Errno.ENXIO, (await t.Process.CreateThread().OpenAsync("/dev/slow")).Errno);
        gate.SetResult();
        int fd = await opening.OrThrow();
        Assert.Equal(0, (await t.IoctlAsync(fd, NumberedDevice.WhichNode)).Value);
        Assert.DoesNotContain(s.Events, e => e.Kind == MachineEventKind.DeviceEnded);
        await t.CloseAsync(fd).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceEnded);
    });

    [Fact]
    public Task RemoveDevice_WhileAnOpenIsOnItsWayToTheDevice_OpenSucceeds() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/late", () => new NumberedDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        ValueTask<SysResult> opening = t.OpenAsync("/dev/late");
        await s.Until(e => e.Kind == MachineEventKind.DeviceSpawned && e.Detail == "/dev/late");
        s.Machine.RemoveDevice("/dev/late");
        int fd = await opening.OrThrow();
        Assert.Equal(0, (await t.IoctlAsync(fd, NumberedDevice.WhichNode)).Value);
        await t.CloseAsync(fd).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceEnded);
    });

    [Fact]
    public Task RemoveDevice_RacingWithOpens_EachWorksOrIsRefused() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/race", () => new NumberedDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread[] threads = [app.CreateThread(), app.CreateThread(), app.CreateThread()];
        Task<bool>[] opens = [.. threads.Select(async t =>
        {
            SysResult fd = await t.OpenAsync("/dev/race");
            if (fd.Errno == Errno.ENXIO)
                return false;
            Assert.Equal(0, (await t.IoctlAsync(fd.OrThrow(), NumberedDevice.WhichNode)).Value);
            Assert.Equal(SysResult.Ok(), await t.CloseAsync((int)fd.Value));
            return true;
        })];
        s.Machine.RemoveDevice("/dev/race");
        bool[] opened = await Task.WhenAll(opens);
        if (opened.Contains(true))
            await s.Until(e => e.Kind == MachineEventKind.DeviceEnded);
        else
            Assert.DoesNotContain(s.Events, e => e.Kind == MachineEventKind.DeviceSpawned && e.Detail == "/dev/race");
    });
}
