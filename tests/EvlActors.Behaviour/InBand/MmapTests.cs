using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Mappings: their errors, and the reference that each holds.</summary>
public abstract class MmapTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Page = EvlMapping.PageBytes;

    [Fact, Trait("Case", "C271")]
    public Task Close_Mapped_MemoryWorksAndReleaseWaitsForMunmap() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, 2 * Page)).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        mapping.Memory.Span[5] = 55;
        Assert.Equal(55, device.Memory[5]);
        Assert.Equal(0, device.Released);
        Assert.Empty(s.Of(MachineEventKind.ReleaseBegun));
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, mapping.Length));
        Assert.Equal(1, device.Released);
        Assert.False(mapping.IsMapped);
        Assert.Throws<InvalidOperationException>(() => mapping.Memory);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, mapping.Length));
        Assert.Equal(1, device.Released);
    });

    [Fact, Trait("Case", "C273")]
    public Task Mmap_Refused_ErrnosInOrder() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        s.Machine.AddDevice("/dev/empty", () => new EmptyDevice());
        int both = await t.OpenAsync("/dev/mem").OrThrow();
        int read = await t.OpenAsync("/dev/mem", OpenFlags.ReadOnly).OrThrow();
        int write = await t.OpenAsync("/dev/mem", OpenFlags.WriteOnly).OrThrow();
        int empty = await t.OpenAsync("/dev/empty").OrThrow();
        int emptyWrite = await t.OpenAsync("/dev/empty", OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.MmapAsync(50, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(50, Page, offset: 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(emptyWrite, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(both, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(both, Page, flags: default)).Errno);
        Assert.Equal(Errno.ENOMEM, (await t.MmapAsync(both, -1)).Errno);
        Assert.Equal(Errno.EACCES, (await t.MmapAsync(emptyWrite, Page)).Errno);
        Assert.Equal(Errno.EACCES, (await t.MmapAsync(write, Page, MapProtection.Write)).Errno);
        Assert.Equal(Errno.EACCES, (await t.MmapAsync(write, Page, MapProtection.Read, MapFlags.Private)).Errno);
        Assert.Equal(Errno.EACCES, (await t.MmapAsync(read, Page)).Errno);
        Assert.Equal(Errno.ENODEV, (await t.MmapAsync(empty, Page)).Errno);
        Assert.Equal(Errno.ENXIO, (await t.MmapAsync(both, Page, offset: 64 * Page)).Errno);
        Assert.Equal(0, device.Mapped);
        Assert.True((await t.MmapAsync(read, Page, MapProtection.Read)).OrThrow().IsMapped);
        EvlMapping @private = (await t.MmapAsync(read, Page, flags: MapFlags.Private)).OrThrow();
        @private.Memory.Span[0] = 9;
        Assert.Equal(0, device.Memory[0]);
        // Refused ones have left no reference behind.
        await t.CloseAsync(both);
        Assert.Equal(1, device.Released);
    });

    [Fact]
    public Task Mmap_ReadOnly_NoWritableMemory() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, 10, MapProtection.Read, offset: Page)).OrThrow();
        device.Memory[Page + 3] = 33;
        Assert.Equal(33, mapping.ReadOnlyMemory.Span[3]);
        Assert.Equal(10, mapping.ReadOnlyMemory.Length);
        Assert.Throws<InvalidOperationException>(() => mapping.Memory);
    });

    [Fact]
    public Task Munmap_Parts_ReferenceStaysWhileAnyPartIsLeft() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, 5 * Page)).OrThrow();
        await t.CloseAsync(fd);
        Assert.Equal(Errno.EINVAL, (await t.MunmapAsync(mapping.Address + 1, Page)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MunmapAsync(mapping.Address, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MunmapAsync(-Page, Page)).Errno);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address + (2 * Page), 1));
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, Page));
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address + Page, Page));
        Assert.True(mapping.IsMapped);
        Assert.Equal(0, device.Released);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address + (4 * Page), 7 * Page));
        Assert.True(mapping.IsMapped);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, 5 * Page));
        Assert.False(mapping.IsMapped);
        Assert.Equal(1, device.Released);
        Assert.Equal(["open", "close", "close"], device.Parts.Lines);
        long file = s.Of(MachineEventKind.ReleaseDone).Single().File;
        Assert.Equal(
            s.Of(MachineEventKind.InBandReferenceTaken).Count(e => e.File == file),
            s.Of(MachineEventKind.InBandReferencePut).Count(e => e.File == file));
    });

    [Fact]
    public Task Munmap_SeveralMappings_EachFileIsReleased() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        var mappings = new List<EvlMapping>();
        for (int i = 0; i < 3; i++)
        {
            int fd = await t.OpenAsync("/dev/mem").OrThrow();
            mappings.Add((await t.MmapAsync(fd, Page)).OrThrow());
            await t.CloseAsync(fd);
        }
        Assert.Equal(3, mappings.Select(m => m.Address).Distinct().Count());
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mappings[0].Address, mappings[1].Address + Page - mappings[0].Address));
        Assert.Equal(2, device.Released);
        Assert.True(mappings[2].IsMapped);
    });

    [Fact]
    public Task Exit_StillMapped_UnmappedAfterTheDescriptors() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, Page)).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.Process.ExitAsync());
        Assert.Equal(1, device.Released);
        Assert.False(mapping.IsMapped);
        long released = s.Of(MachineEventKind.ReleaseBegun).Single(e => e.File == s.Of(MachineEventKind.HookUninstall).Last().File).Sequence;
        Assert.All(s.Of(MachineEventKind.HookUninstall), hook => Assert.True(hook.Sequence < released));
    });

    [Fact]
    public Task MappedFile_ClosedDescriptor_OobCallsEbadf() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        UserThread oob = await s.OobThread(t.Process);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, Page)).OrThrow();
        Assert.Equal(SysResult.Ok(), await oob.OobReadAsync(fd, new byte[1]));
        await t.CloseAsync(fd);
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await oob.OobReadAsync(dup, new byte[1]));
        await t.CloseAsync(dup);
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(dup, new byte[1])).Errno);
        Assert.True(mapping.IsMapped);
    });

    [Fact, Trait("Rule", "L-2")]
    public Task Fork_Mapped_TheChildHasAPartOfItsOwn() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, 2 * Page)).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        UserThread child = s.Machine.GetProcess(await t.ForkAsync().OrThrow())!.MainThread!;
        // The child's call is behind the fork's own work.
        Assert.Equal(Errno.EBADF, (await child.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.MunmapAsync(mapping.Address, mapping.Length));
        Assert.Equal(0, device.Released);
        Assert.True(mapping.IsMapped);
        Assert.Equal(SysResult.Ok(), await child.MunmapAsync(mapping.Address, Page));
        Assert.Equal(0, device.Released);
        Assert.Equal(SysResult.Ok(), await child.MunmapAsync(mapping.Address + Page, Page));
        Assert.Equal(1, device.Released);
        Assert.False(mapping.IsMapped);
        Assert.Equal(["open", "close", "close"], device.Parts.Lines);
    });

    [Fact, Trait("Rule", "L-1")]
    public Task Exec_Mapped_Unmapped() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, Page)).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(0, device.Released);
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
        Assert.Equal(1, device.Released);
        Assert.False(mapping.IsMapped);
        Assert.Equal(["close"], device.Parts.Lines);
    });

    [Fact, Trait("Rule", "L-4")]
    public Task MappedFile_ClosedDescriptorIsPolled_NvalAlthoughTheFileLives() => Play(async s =>
    {
        (UserThread t, MappedDevice device) = Start(s);
        UserThread oob = await s.OobThread(t.Process);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        EvlMapping mapping = (await t.MmapAsync(fd, Page)).OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In, 5).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(new EvlPollEvent(fd, PollEvents.Nval, 5), found[0]);
        Assert.Equal(0, device.Released);
        await t.MunmapAsync(mapping.Address, Page).OrThrow();
        Assert.Equal(1, device.Released);
    });

    [Fact, Trait("Rule", "L-3")]
    public Task Mmap_BeyondTheLastOffset_Eoverflow() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/mem").OrThrow();
        Assert.Equal(Errno.EOVERFLOW, (await t.MmapAsync(fd, Page, offset: long.MaxValue - Page + 1)).Errno);
        Assert.Equal(Errno.ENXIO, (await t.MmapAsync(fd, Page, offset: long.MaxValue - (2 * Page) + 1)).Errno);
    });

    private static (UserThread Thread, MappedDevice Device) Start(Scenario s)
    {
        var device = new MappedDevice();
        s.Machine.AddDevice("/dev/mem", () => device);
        return (s.Machine.CreateProcess().CreateThread(), device);
    }

    private sealed class MappedDevice : CharDevice
    {
        private int _released;
        private int _mapped;

        internal byte[] Memory { get; } = new byte[16 * Page];

        internal Log Parts { get; } = new();

        internal int Released => Volatile.Read(ref _released);

        internal int Mapped => Volatile.Read(ref _mapped);

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask Release(IoCall call)
        {
            await call.File.ReleaseOob();
            Interlocked.Increment(ref _released);
            return 0;
        }

        protected internal override IoTask VmOpen(IoCall call)
        {
            Parts.Add("open");
            return SysResult.Ok();
        }

        protected internal override IoTask VmClose(IoCall call)
        {
            Parts.Add("close");
            return SysResult.Error(Errno.EIO);
        }

        protected internal override IoTask OobRead(IoCall call) => SysResult.Ok();

        protected internal override PollEvents OobPoll(PollTable table) => PollEvents.None;

        protected internal override IoTask Mmap(IoCall call)
        {
            if (call.Offset > Memory.Length - call.Length)
                return SysResult.Error(Errno.ENXIO);
            Interlocked.Increment(ref _mapped);
            call.Map(Memory.AsMemory((int)call.Offset));
            return SysResult.Ok();
        }
    }
}
