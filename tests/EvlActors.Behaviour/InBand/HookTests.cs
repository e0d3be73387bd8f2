using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Dovetail's three hooks, and what the out-of-band index makes of them.</summary>
public abstract class HookTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly byte[] s_one = new byte[1];

    [Fact, Trait("Rule", "C-3")]
    public Task CloseRange_UnshareUpToTheLastOpen_CopyIsMadeWithoutThemAndNoHook() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/console").OrThrow();
        int pid = await t.ForkAsync(CloneFlags.Files).OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!; // it was just forked
        await child.CloseRangeAsync((uint)fd, (uint)fd, CloseRangeFlags.Unshare).OrThrow();
        Assert.Empty(s.Of(MachineEventKind.HookUninstall));
        Assert.Equal(Errno.EBADF, (await child.FcntlAsync(fd, FcntlCommand.GetFd)).Errno);
        Assert.Equal(0, await t.FcntlAsync(fd, FcntlCommand.GetFd));
    });

    [Fact, Trait("Case", "C070"), Trait("Case", "C085")]
    public Task OpenDupDup2Close_Recorded_ExactlyTheseHooks() => Play(async s =>
    {
        (UserThread t, Log log) = await Start(s);
        int before = Hooks(s).Length;
        int fd = await t.OpenAsync("/dev/oob").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        await t.Dup2Async(fd, 9);
        await t.Dup2Async(dup, 9);
        await t.CloseAsync(fd);
        Assert.Equal(
            [$"HookInstall {fd}", $"HookInstall {dup}", "HookReplace 9", "HookReplace 9", $"HookUninstall {fd}"], Hooks(s)[before..]);
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(dup, s_one));
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(9, s_one));
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(fd, s_one)).Errno);
        Assert.Equal(["open", "flush", "flush", "oob_read 1", "oob_read 1"], log.Lines);
    });

    [Fact, Trait("Rule", "B-2")]
    public Task Fioclex_RealTimeThreadAndOobFile_TheFlagOfTheNumber() => Play(async s =>
    {
        (UserThread t, Log log) = await Start(s);
        UserThread realTime = t.Process.CreateThread(SchedPolicy.Fifo, 50);
        int fd = await t.OpenAsync("/dev/oob").OrThrow();
        Assert.Equal(SysResult.Ok(), await realTime.IoctlAsync(fd, 0x5451));
        Assert.Equal(1, await t.FcntlAsync(fd, FcntlCommand.GetFd));
        Assert.Equal(SysResult.Ok(), await realTime.IoctlAsync(fd, 0x5450));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.GetFd));
        Assert.Equal(["open"], log.Lines);
    });

    [Fact, Trait("Case", "C070")]
    public Task InBandFiles_SameHooks() => Play(async s =>
    {
        (UserThread t, _) = await Start(s);
        int before = Hooks(s).Length;
        int fd = await t.OpenAsync("/dev/plain").OrThrow();
        int dup = (await t.FcntlAsync(fd, FcntlCommand.DupFd, 20)).OrThrow();
        await t.Dup3Async(fd, 9);
        await t.Dup3Async(dup, fd);
        await t.CloseRangeAsync(20, 20);
        Assert.Equal(
            [$"HookInstall {fd}", $"HookInstall {dup}", "HookReplace 9", $"HookReplace {fd}", $"HookUninstall {dup}"], Hooks(s)[before..]);
    });

    [Fact, Trait("Case", "C071")]
    public Task Dup2_PlainOverOob_IndexEntryGone() => Play(async s =>
    {
        (UserThread t, Log log) = await Start(s);
        int oob = await t.OpenAsync("/dev/oob").OrThrow();
        int plain = await t.OpenAsync("/dev/plain").OrThrow();
        int before = Hooks(s).Length;
        Assert.Equal(oob, await t.Dup2Async(plain, oob).OrThrow());
        Assert.Equal([$"HookReplace {oob}"], Hooks(s)[before..]);
        Assert.Equal(["open", "open", "flush", "release"], log.Lines);
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(oob, s_one)).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(oob, s_one));
    });

    [Fact, Trait("Case", "C072")]
    public Task Dup2_OobOverPlain_IndexEntryMade() => Play(async s =>
    {
        (UserThread t, _) = await Start(s);
        int oob = await t.OpenAsync("/dev/oob").OrThrow();
        int plain = await t.OpenAsync("/dev/plain").OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(plain, s_one)).Errno);
        Assert.Equal(plain, await t.Dup2Async(oob, plain).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(plain, s_one));
        await t.CloseAsync(oob);
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(plain, s_one));
    });

    [Fact]
    public Task Dup2_OobOverOob_NewFileIsRead() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = await s.OobThread(app);
        int a = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        int b = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        Assert.Equal(1, (await t.WriteAsync(b, new byte[] { 66 })).Value);
        Assert.Equal(a, await t.Dup2Async(b, a).OrThrow());
        byte[] read = new byte[1];
        Assert.Equal(1, (await t.OobReadAsync(a, read)).Value);
        Assert.Equal(66, read[0]);
    });

    [Fact, Trait("Case", "C074")]
    public Task Dup2_ReaderAsleepInTheOldFile_GoesOnUndisturbed() => Play(async s =>
    {
        (UserThread t, _) = await Start(s);
        UserThread reader = await s.OobThread(t.Process);
        int fd = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        int plain = await t.OpenAsync("/dev/plain").OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[4]);
        await s.UntilAsleep(reader);
        Assert.Equal(fd, await t.Dup2Async(plain, fd).OrThrow());
        Assert.Equal(4, (await t.WriteAsync(dup, new byte[4])).Value);
        Assert.Equal(4, (await reading).Value);
        Assert.Equal(Errno.EBADF, (await reader.OobReadAsync(fd, new byte[4])).Errno);
    });

    [Fact, Trait("Case", "C084")]
    public Task Ioctl_InstallsAnOobFile_UsableAtOnceAndComplete() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/maker", () => new MakerDevice());
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { MaxFiles = 7 });
        UserThread t = await s.OobThread(app);
        int maker = await t.OpenAsync("/dev/maker").OrThrow();
        int made = (await t.IoctlAsync(maker, MakerDevice.MakeOwn)).OrThrow();
        Assert.Equal(maker + 1, made);
        MachineEvent install = s.Of(MachineEventKind.HookInstall).Last();
        Assert.Equal((made, t.Tid), (install.Fd, install.Tid));
        Assert.NotEqual(s.Of(MachineEventKind.HookInstall).First(e => e.Fd == maker).File, install.File);
        byte[] read = new byte[4];
        Assert.Equal(1, (await t.OobReadAsync(made, read)).Value);
        Assert.Equal(42, read[0]);
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(maker, read)).Errno);
        Assert.Equal(1, (await t.FcntlAsync(made, FcntlCommand.GetFd)).Value);
        int other = (await t.IoctlAsync(maker, MakerDevice.MakeOther)).OrThrow();
        Assert.Equal(made + 1, other);
        Assert.Equal(1, (await t.OobReadAsync(other, read)).Value);
        Assert.Equal(43, read[0]);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(other, 0)).Errno);
        Assert.Equal(6, other);
        Assert.Equal(Errno.EMFILE, (await t.IoctlAsync(maker, MakerDevice.MakeOther)).Errno);
        Assert.Equal(Errno.EMFILE, (await t.IoctlAsync(maker, MakerDevice.MakeOwn)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(made));
        Assert.Equal(Errno.EBADF, (await t.OobReadAsync(made, read)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(maker));
        // The other driver's device lives as long as its files.
        Assert.Equal(1, (await t.OobReadAsync(other, read)).Value);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(other));
        Assert.Equal(3, s.Of(MachineEventKind.ReleaseDone).Count());
    });

    [Fact, Trait("Case", "C084")]
    public Task InstalledFile_ClosedByAnotherThreadAtOnce_ReleasedOnce() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/maker", () => new MakerDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread closer = app.CreateThread();
        int maker = await t.OpenAsync("/dev/maker").OrThrow();
        for (int i = 0; i < 10; i++)
        {
            ValueTask<SysResult> making = t.IoctlAsync(maker, i % 2 == 0 ? MakerDevice.MakeOwn : MakerDevice.MakeOther);
            SysResult closed;
            do
                closed = await closer.CloseAsync(maker + 1);
            while (closed.Errno == Errno.EBADF && !making.IsCompleted);
            int made = (await making).OrThrow();
            Assert.Equal(maker + 1, made);
            if (closed.IsError)
                Assert.Equal(SysResult.Ok(), await closer.CloseAsync(made));
        }
        Assert.Equal(10, s.Of(MachineEventKind.ReleaseDone).Count());
    });

    [Fact]
    public Task InstalledFile_ItsDriverThrows_OnlyThatDeviceFails() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/maker", () => new MakerDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int maker = await t.OpenAsync("/dev/maker").OrThrow();
        int made = (await t.IoctlAsync(maker, MakerDevice.MakeOther)).OrThrow();
        Assert.Equal(Errno.EIO, (await t.OobIoctlAsync(made, 1)).Errno);
        Assert.Equal(Errno.EIO, (await t.OobReadAsync(made, s_one)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(made));
        int own = (await t.IoctlAsync(maker, MakerDevice.MakeOwn)).OrThrow();
        Assert.Equal(1, (await t.OobReadAsync(own, s_one)).Value);
    });

    [Fact]
    public Task MachineEnds_SleeperInADeviceWithoutNode_GraceEndsIt() => Play(
        async s =>
        {
            s.Machine.AddDevice("/dev/maker", () => new MakerDevice());
            UserThread t = await s.OobThread(s.Machine.CreateProcess());
            int maker = await t.OpenAsync("/dev/maker").OrThrow();
            int made = (await t.IoctlAsync(maker, MakerDevice.MakeOther)).OrThrow();
            ValueTask<SysResult> sleeping = t.OobWriteAsync(made, s_one);
            await s.UntilAsleep(t);
            await s.Machine.DisposeAsync();
            Assert.Equal(Errno.EIO, (await sleeping).Errno);
        },
        new EvlMachineOptions { ShutdownGrace = TimeSpan.FromMilliseconds(50) });

    private static async Task<(UserThread Thread, Log Log)> Start(Scenario s)
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/oob", () => new CountingDevice(log));
        s.Machine.AddDevice("/dev/plain", () => new CountingDevice(log, isOob: false));
        return (await s.OobThread(s.Machine.CreateProcess()), log);
    }

    private static string[] Hooks(Scenario s) =>
        [.. s.Of(MachineEventKind.HookInstall, MachineEventKind.HookReplace, MachineEventKind.HookUninstall).Select(e => $"{e.Kind} {e.Fd}")];

    private sealed class MakerDevice : CharDevice
    {
        internal const uint MakeOwn = 1;
        internal const uint MakeOther = 2;

        protected internal override async IoTask Ioctl(IoCall call)
        {
            EvlFile made = call.Command == MakeOwn
                ? call.NewFile(OpenFlags.ReadWrite | OpenFlags.CloseOnExec)
                : call.NewFile(new MadeDevice());
            made.PrivateData = call.Command == MakeOwn ? (byte)42 : (byte)43;
            made.OpenOob();
            if (call.Command == MakeOther)
                made.Stream();
            return await call.InstallFile(made);
        }

        protected internal override IoTask OobRead(IoCall call) => Give(call);

        protected internal override IoTask Llseek(IoCall call) => call.NoopLlseek();
    }

    private sealed class MadeDevice : CharDevice
    {
        private readonly WaitQueue _never = new();

        protected internal override async IoTask OobWrite(IoCall call) => await _never.WaitUninterruptible(call);

        protected internal override IoTask OobIoctl(IoCall call) => throw new InvalidOperationException("planted");

        protected internal override IoTask OobRead(IoCall call) => Give(call);

        protected internal override IoTask Llseek(IoCall call) => call.NoopLlseek();
    }

    private static SysResult Give(IoCall call)
    {
        Span<byte> mine = [(byte)call.File.PrivateData!];
        return call.RawCopyToUser(mine) == 0 ? 1 : Errno.EFAULT;
    }
}
