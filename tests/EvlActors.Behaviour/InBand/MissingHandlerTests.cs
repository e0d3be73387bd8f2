using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>What each call answers when its handler is absent or its descriptor does not do, and what is tested first.</summary>
public abstract class MissingHandlerTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly byte[] s_one = new byte[1];

    [Fact, Trait("Case", "C245")]
    public Task EveryCall_EmptyTable_ErrnoOfItsOwn() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/empty", () => new EmptyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/empty").OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PreadAsync(fd, s_one, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PwriteAsync(fd, s_one, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ReadvAsync(fd, [s_one])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WritevAsync(fd, [s_one])).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 1)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.ENODEV, (await t.MmapAsync(fd, 4096)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FsyncAsync(fd)).Errno);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Async));
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, VfsIoctl.Fioasync, Int(1))).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioasync, Int(0)));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Fact]
    public Task EveryCall_BadDescriptor_Ebadf() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        foreach (int fd in new[] { 3, -1, 64, 1 << 20, int.MaxValue, int.MinValue })
        {
            Assert.Equal(Errno.EBADF, (await t.ReadAsync(fd, s_one)).Errno);
            Assert.Equal(Errno.EBADF, (await t.WriteAsync(fd, s_one)).Errno);
            Assert.Equal(Errno.EBADF, (await t.PreadAsync(fd, s_one, 0)).Errno);
            Assert.Equal(Errno.EBADF, (await t.PwriteAsync(fd, s_one, 0)).Errno);
            Assert.Equal(Errno.EBADF, (await t.ReadvAsync(fd, [s_one])).Errno);
            Assert.Equal(Errno.EBADF, (await t.WritevAsync(fd, [s_one])).Errno);
            Assert.Equal(Errno.EBADF, (await t.IoctlAsync(fd, 1)).Errno);
            Assert.Equal(Errno.EBADF, (await t.IoctlAsync(fd, VfsIoctl.Fioclex)).Errno);
            Assert.Equal(Errno.EBADF, (await t.IoctlAsync(fd, VfsIoctl.Fionbio, UserBuffer.Null)).Errno);
            Assert.Equal(Errno.EBADF, (await t.LseekAsync(fd, 0, (Whence)9)).Errno);
            Assert.Equal(Errno.EBADF, (await t.MmapAsync(fd, 0)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FsyncAsync(fd)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(fd, (FcntlCommand)999)).Errno);
            Assert.Equal(Errno.EBADF, (await t.DupAsync(fd)).Errno);
            Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
        }
    });

    [Fact, Trait("Case", "C031"), Trait("Case", "C033")]
    public Task OobCalls_HandlersAbsent_EinvalAndEnottyAndReadWorks() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/o", () => new OobOnlyDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/o").OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.OobReadAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.OobWriteAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(fd, 7)).Errno);
        Assert.Equal(1, (await t.ReadAsync(fd, s_one)).Value);
    });

    [Fact, Trait("Case", "C032"), Trait("Case", "C046")]
    public Task Transfers_WrongMode_EbadfBeforeTheHandlerIsLookedFor() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/o", () => new OobOnlyDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int read = await t.OpenAsync("/dev/o", OpenFlags.ReadOnly).OrThrow();
        int write = await t.OpenAsync("/dev/o", OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(write, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobWriteAsync(read, s_one)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.OobWriteAsync(write, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(write, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.WriteAsync(read, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.PwriteAsync(read, s_one, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.WritevAsync(read, [s_one])).Errno);
        Assert.Equal(Errno.EBADF, (await t.WriteAsync(read, UserBuffer.Bad(-1))).Errno);
    });

    [Fact, Trait("Case", "C034")]
    public Task Ioctl_HandlerSaysEnoioctlcmd_Enotty() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 9)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(fd, 9)).Errno);
        Assert.Equal(7, (await t.IoctlAsync(fd, 7)).Value);
        Assert.Equal(7, (await t.OobIoctlAsync(fd, 7)).Value);
    });

    [Fact, Trait("Case", "C035")]
    public Task OobIoctl_FileWithoutOobContext_EbadfAndHandlerNotEntered() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log, isOob: false));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(fd, 7)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(fd, s_one)).Errno);
        Assert.Equal(["open"], log.Lines);
    });

    [Fact, Trait("Case", "C037"), Trait("Case", "C232")]
    public Task Ioctl_CompatAndNativeCaller_EachItsOwnHandler() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        s.Machine.AddDevice("/dev/native", () => new NativeOnlyDevice());
        foreach (bool is32Bit in new[] { false, true })
        {
            UserThread t = await s.OobThread(s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = is32Bit }));
            int fd = await t.OpenAsync("/dev/c").OrThrow();
            await t.IoctlAsync(fd, 7);
            await t.OobIoctlAsync(fd, 7);
            int native = await t.OpenAsync("/dev/native").OrThrow();
            Assert.Equal(is32Bit ? Errno.ENOTTY : Errno.None, (await t.IoctlAsync(native, 7)).Errno);
            Assert.Equal(is32Bit ? Errno.ENOTTY : Errno.None, (await t.OobIoctlAsync(native, 7)).Errno);
            // What the VFS treats itself is there for both.
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(native, VfsIoctl.Fionbio, Int(1)));
        }
        Assert.Equal(["open", "ioctl 7", "oob_ioctl 7", "open", "compat_ioctl 7", "compat_oob_ioctl 7"], log.Lines);
    });

    [Fact, Trait("Case", "C038")]
    public Task Ioctl_ReadOnlyDescriptor_HandlersRun() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(7, (await t.OobIoctlAsync(fd, 7)).Value);
        Assert.Equal(7, (await t.IoctlAsync(fd, 7)).Value);
        Assert.Equal(SysResult.Ok(), await t.FsyncAsync(fd));
    });

    [Fact, Trait("Case", "C040"), Trait("Case", "C041")]
    public Task Fionbio_InBandOnly_SetsTheDescription() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = await s.OobThread(app);
        int fd = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(fd, VfsIoctl.Fionbio, Int(1))).Errno);
        Assert.Equal(0, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value & (long)OpenFlags.NonBlock);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fionbio, Int(1)));
        Assert.Equal((long)OpenFlags.NonBlock, (await t.FcntlAsync(dup, FcntlCommand.GetFl)).Value & (long)OpenFlags.NonBlock);
        Assert.Equal(Errno.EAGAIN, (await t.OobReadAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, VfsIoctl.Fionbio, UserBuffer.Null)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, VfsIoctl.Fionbio, new byte[3])).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, VfsIoctl.Fioasync, UserBuffer.Null)).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fionbio, Int(0)));
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
    });

    [Fact]
    public Task VfsIoctls_DriverWithIoctl_DriverNeverSeesThem() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioclex));
        Assert.Equal(1, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        Assert.Equal(0, (await t.FcntlAsync(dup, FcntlCommand.GetFd)).Value);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fionclex));
        Assert.Equal(0, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, VfsIoctl.Fioqsize, new byte[8])).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fionbio, Int(1)));
        Assert.Equal(["open"], log.Lines);
        log.Clear();
        Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(fd, VfsIoctl.Fionbio, Int(0))).Errno);
        Assert.Equal([$"oob_ioctl {VfsIoctl.Fionbio:x}"], log.Lines);
    });

    [Fact, Trait("Case", "C042")]
    public Task ZeroLength_NullBuffer_ReachesEachHandlerOnce() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, UserBuffer.Null));
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(fd, UserBuffer.Null));
        Assert.Equal(["open", "read 0", "oob_read 0"], log.Lines);
    });

    [Fact, Trait("Case", "C043"), Trait("Case", "C044")]
    public Task HugeCount_ReadClamps_OobReadDoesNot_NegativeFaults() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        log.Clear();
        var huge = new UserBuffer(s_one, 1L << 31);
        await t.ReadAsync(fd, huge);
        await t.PwriteAsync(fd, huge, 0);
        await t.OobReadAsync(fd, huge);
        await t.ReadvAsync(fd, [huge, huge]);
        Assert.Equal(["read 2147479552", "write 2147479552", "oob_read 2147483648", "read 2147479552"], log.Lines);
        log.Clear();
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, new UserBuffer(s_one, -1))).Errno);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, new UserBuffer(s_one, long.MinValue))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ReadvAsync(fd, [s_one, new UserBuffer(s_one, -1)])).Errno);
        Assert.Empty(log.Lines);
        await t.OobReadAsync(fd, new UserBuffer(s_one, -1));
        Assert.Equal(["oob_read -1"], log.Lines);
    });

    [Fact, Trait("Case", "C045")]
    public Task PathDescriptor_OnlyDescriptorCallsWork_DriverLeftAlone() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/c", OpenFlags.Path | OpenFlags.ReadWrite | OpenFlags.NonBlock | OpenFlags.CloseOnExec).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(fd, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(fd, 7)).Errno);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(fd, VfsIoctl.Fioclex)).Errno);
        Assert.Equal(Errno.EBADF, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.MmapAsync(fd, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.FsyncAsync(fd)).Errno);
        Assert.Equal(Errno.EBADF, (await t.FcntlAsync(fd, FcntlCommand.SetFl, 0)).Errno);
        Assert.Equal((long)OpenFlags.Path, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(1, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        int dup = (await t.FcntlAsync(fd, FcntlCommand.DupFd, 20)).OrThrow();
        Assert.Equal(20, dup);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(dup, s_one)).Errno);
        int real = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(dup, (await t.Dup2Async(real, dup)).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(dup, s_one));
        Assert.Equal(["open", "read 1"], log.Lines);
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/none", OpenFlags.Path | OpenFlags.Create)).Errno);
    });

    [Fact]
    public Task NegativeCount_TestsInOrder_ModeThenHandlerThenRange() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/empty", () => new EmptyDevice());
        s.Machine.AddDevice("/dev/o", () => new OobOnlyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        var negative = new UserBuffer(s_one, -1);
        int empty = await t.OpenAsync("/dev/empty").OrThrow();
        int write = await t.OpenAsync("/dev/o", OpenFlags.WriteOnly).OrThrow();
        int read = await t.OpenAsync("/dev/o", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(99, negative)).Errno);
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(write, negative)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(empty, negative)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(empty, negative)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(read, negative)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.PreadAsync(read, negative, 0)).Errno);
    });

    [Fact]
    public Task OobCalls_SetAPosition_FilesOwnIsNotMoved() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/p", () => new PositionDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync("/dev/p").OrThrow();
        await t.ReadAsync(fd, s_one).OrThrow();
        await t.OobReadAsync(fd, s_one).OrThrow();
        await t.OobWriteAsync(fd, s_one).OrThrow();
        Assert.Equal(10, (await t.ReadAsync(fd, s_one)).OrThrow());
    });

    [Fact, Trait("Case", "C045")]
    public Task PathDescriptor_EveryOtherIo_Ebadf() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/o", () => new OobOnlyDevice());
        s.Machine.AddDevice("/dev/holder", () => new HolderDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int path = await t.OpenAsync("/dev/o", OpenFlags.Path).OrThrow();
        int holder = await t.OpenAsync("/dev/holder").OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        int epoll = await t.EpollCreate1Async().OrThrow();
        Assert.Equal(Errno.EBADF, (await t.PreadAsync(path, s_one, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.PwriteAsync(path, s_one, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.ReadvAsync(path, [s_one])).Errno);
        Assert.Equal(Errno.EBADF, (await t.WritevAsync(path, [s_one])).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobWriteAsync(path, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(path, 1)).Errno);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(path, VfsIoctl.Fionbio, Int(1))).Errno);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(path, VfsIoctl.Fioasync, UserBuffer.Null)).Errno);
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(epoll, EpollOp.Add, path, default(EpollEvent))).Errno);
        Assert.Equal(Errno.EBADF, (await t.EpollCtlAsync(path, EpollOp.Add, set, default(EpollEvent))).Errno);
        Assert.Equal(Errno.EBADF, (await t.AddPollfdAsync(set, path, PollEvents.In)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(holder, HolderDevice.Get, path)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(holder, HolderDevice.GetXbuf, path)).Errno);
        PollFd[] fds = [new(path, PollEvents.In)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.Nval, fds[0].Revents);
        var read = new FdSet();
        read.Set(path);
        Assert.Equal(Errno.EBADF, (await t.SelectAsync(path + 1, read, null, null, null)).Errno);
        // It leads nowhere after a fork and over dup2 either.
        Assert.Equal(20, await t.Dup2Async(path, 20));
        UserThread child = s.Machine.GetProcess((int)(await t.ForkAsync()).OrThrow())!.MainThread!;
        await child.AttachAsync().OrThrow();
        Assert.Equal(Errno.EBADF, (await child.OobReadAsync(20, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await child.ReadAsync(path, s_one)).Errno);
        Assert.Equal(SysResult.Ok(), await child.CloseAsync(20));
    });

    [Fact, Trait("Case", "C048")]
    public Task VfsCalls_FromOobThread_OneSwitchInBand() => Play(async s =>
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int switches() => s.Of(MachineEventKind.SwitchedInBand).Count(e => e.Tid == t.Tid);
        Assert.Equal(0, switches());
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(1, switches());
        Assert.Equal(Errno.ENODEV, (await t.MmapAsync(fd, 4096)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(1, switches());
        Assert.Equal(SwitchCauseOfSysDemote, s.Of(MachineEventKind.SwitchedInBand).Single(e => e.Tid == t.Tid).Count);
    });

    [Fact, Trait("Case", "C049"), Trait("Case", "C143")]
    public Task Xbuf_WriteDoesNotFeedRead_NoIoctlNoSeek() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.InitAsync();
        int fd = await t.CreateXbufAsync(null, 64, 64, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(4, (await t.WriteAsync(fd, new byte[4])).Value);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[4])).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 7)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(fd, s_one, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PwriteAsync(fd, s_one, 0)).Errno);
    });

    private const long SwitchCauseOfSysDemote = 2;

    private static byte[] Int(int value) => BitConverter.GetBytes(value);

    private sealed class PositionDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask Read(IoCall call) => Move(call);

        protected internal override IoTask OobRead(IoCall call) => Move(call);

        protected internal override IoTask OobWrite(IoCall call) => Move(call);

        private static SysResult Move(IoCall call)
        {
            long at = call.Position;
            call.Position += 10;
            return at;
        }
    }

    private sealed class NativeOnlyDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask Ioctl(IoCall call) => SysResult.Ok();

        protected internal override IoTask OobIoctl(IoCall call) => SysResult.Ok();
    }
}
