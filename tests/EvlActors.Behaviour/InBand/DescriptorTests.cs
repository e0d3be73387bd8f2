using EvlActors.Actors;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Numbers, duplicates, closes, and the flags of descriptions.</summary>
public abstract class DescriptorTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly byte[] s_one = new byte[1];

    [Fact, Trait("Case", "C050")]
    public Task Open_Dup_Open_LowestNumbers() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        for (int i = 3; i < 10; i++)
            Assert.Equal(i, await t.OpenAsync("/dev/c").OrThrow());
        await t.CloseAsync(7);
        await t.CloseAsync(3);
        Assert.Equal(3, await t.OpenAsync("/dev/c").OrThrow());
        Assert.Equal(7, await t.DupAsync(5).OrThrow());
        Assert.Equal(10, await t.OpenAsync("/dev/c").OrThrow());
    });

    [Fact, Trait("Case", "C051")]
    public Task DupFd_NumbersTaken_LowestFromArgument() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        await t.Dup2Async(fd, 5);
        await t.Dup2Async(fd, 6);
        await t.Dup2Async(fd, 63);
        await t.Dup2Async(fd, 64);
        await t.CloseAsync(3);
        Assert.Equal(7, (await t.FcntlAsync(5, FcntlCommand.DupFd, 5)).OrThrow());
        Assert.Equal(65, (await t.FcntlAsync(5, FcntlCommand.DupFd, 63)).OrThrow());
        Assert.Equal(500, (await t.FcntlAsync(5, FcntlCommand.DupFd, 500)).OrThrow());
        Assert.Equal(3, (await t.FcntlAsync(5, FcntlCommand.DupFd, 0)).OrThrow());
    });

    [Fact, Trait("Case", "C052"), Trait("Case", "C053"), Trait("Case", "C054")]
    public Task Limit_Reached_EmfileEinvalEbadfAndDriverNotEntered() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s, new EvlProcessOptions { MaxFiles = 5 });
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(4, await t.DupAsync(fd).OrThrow());
        log.Clear();
        Assert.Equal(Errno.EMFILE, (await t.OpenAsync("/dev/c")).Errno);
        Assert.Equal(Errno.EMFILE, (await t.OpenAsync("/dev/none")).Errno);
        Assert.Equal(Errno.EMFILE, (await t.DupAsync(fd)).Errno);
        Assert.Equal(Errno.EMFILE, (await t.FcntlAsync(fd, FcntlCommand.DupFd, 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, FcntlCommand.DupFd, 5)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, FcntlCommand.DupFd, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, FcntlCommand.DupFdCloseOnExec, int.MaxValue)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup2Async(fd, 5)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup2Async(fd, -1)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup3Async(fd, 5)).Errno);
        Assert.Equal(4, await t.Dup2Async(fd, 4).OrThrow());
        Assert.DoesNotContain("open", log.Lines);
        await t.CloseAsync(0);
        Assert.Equal(0, await t.DupAsync(fd).OrThrow());
    });

    [Fact, Trait("Case", "C055"), Trait("Case", "C056")]
    public Task Dup2_BadOldOrSameNumber_NothingChanges() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        await t.FcntlAsync(fd, FcntlCommand.SetFd, 1);
        int hooks = HooksOf(s).Length;
        log.Clear();
        Assert.Equal(Errno.EBADF, (await t.Dup2Async(50, fd)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup2Async(50, 50)).Errno);
        Assert.Equal(fd, await t.Dup2Async(fd, fd).OrThrow());
        Assert.Equal(1, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        Assert.Equal(hooks, HooksOf(s).Length);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, s_one));
        Assert.Equal(["read 1"], log.Lines);
    });

    [Fact, Trait("Case", "C058"), Trait("Case", "C059")]
    public Task Dup3_FlagsAndNumbers_CheckedBeforeDescriptors() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.Dup3Async(fd, fd)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.Dup3Async(50, 50)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.Dup3Async(-1, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.Dup3Async(fd, 9, OpenFlags.NonBlock)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.Dup3Async(50, 9, OpenFlags.NonBlock)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup3Async(50, 9)).Errno);
        Assert.Equal(9, await t.Dup3Async(fd, 9, OpenFlags.CloseOnExec).OrThrow());
        Assert.Equal(1, (await t.FcntlAsync(9, FcntlCommand.GetFd)).Value);
        Assert.Equal(0, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        Assert.Equal(9, await t.Dup3Async(fd, 9).OrThrow());
        Assert.Equal(0, (await t.FcntlAsync(9, FcntlCommand.GetFd)).Value);
    });

    [Fact, Trait("Case", "C060")]
    public Task CloseOnExec_EachWayToADescriptor_AsAsked() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c", OpenFlags.ReadWrite | OpenFlags.CloseOnExec).OrThrow();
        Assert.Equal(1, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal(0, (await t.FcntlAsync(dup, FcntlCommand.GetFd)).Value);
        int exec = (await t.FcntlAsync(dup, FcntlCommand.DupFdCloseOnExec, 0)).OrThrow();
        Assert.Equal(1, (await t.FcntlAsync(exec, FcntlCommand.GetFd)).Value);
        await t.Dup2Async(fd, exec);
        Assert.Equal(0, (await t.FcntlAsync(exec, FcntlCommand.GetFd)).Value);
        await t.FcntlAsync(dup, FcntlCommand.SetFd, 3);
        Assert.Equal(1, (await t.FcntlAsync(dup, FcntlCommand.GetFd)).Value);
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        // A number that is closed and made anew has nothing of the old one.
        await t.CloseAsync(fd);
        Assert.Equal(fd, await t.OpenAsync("/dev/c").OrThrow());
        Assert.Equal(0, (await t.FcntlAsync(fd, FcntlCommand.GetFd)).Value);
    });

    [Fact, Trait("Case", "C062")]
    public Task Open_DriverRefuses_NumberFreeAndNoHook() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        s.Machine.AddDevice("/dev/no", () => new CountingDevice(log) { OpenResult = Errno.ENODEV });
        Assert.Equal(Errno.ENODEV, (await t.OpenAsync("/dev/no")).Errno);
        Assert.Empty(HooksOf(s));
        Assert.Equal(3, await t.OpenAsync("/dev/c").OrThrow());
        Assert.Equal(["open", "open"], log.Lines);
    });

    [Fact]
    public Task Dup2_NumberOfAnOpenUnderWay_Ebusy() => Play(async s =>
    {
        var gate = new TaskCompletionSource();
        s.Machine.AddDevice("/dev/slow", () => new SlowOpenDevice(gate.Task));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread opener = app.CreateThread();
        UserThread t = app.CreateThread();
        ValueTask<SysResult> opening = opener.OpenAsync("/dev/slow");
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == opener.Tid);
        Assert.Equal(Errno.EBUSY, (await t.Dup2Async(0, 3)).Errno);
        Assert.Equal(Errno.EBUSY, (await t.Dup3Async(0, 3)).Errno);
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(3, s_one)).Errno);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(3)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseRangeAsync(3, uint.MaxValue));
        Assert.Equal(4, await t.DupAsync(0).OrThrow());
        gate.SetResult();
        Assert.Equal(3, (await opening).Value);
        Assert.Equal(3, await t.Dup2Async(0, 3).OrThrow());
    });

    [Fact, Trait("Case", "C063"), Trait("Case", "C064"), Trait("Case", "C065")]
    public Task Close_FlushSaysAnError_AnsweredAndClosed() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        s.Machine.AddDevice("/dev/eio", () => new CountingDevice(log) { FlushResult = Errno.EIO });
        s.Machine.AddDevice("/dev/restart", () => new CountingDevice(log) { FlushResult = Errno.ERESTARTSYS });
        int good = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(good));
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(good)).Errno);
        int fd = await t.OpenAsync("/dev/eio").OrThrow();
        Assert.Equal(Errno.EIO, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
        fd = await t.OpenAsync("/dev/restart").OrThrow();
        log.Clear();
        Assert.Equal(Errno.EINTR, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(fd)).Errno);
        Assert.Equal(["flush", "release"], log.Lines);
        // dup2 and close_range lose it.
        fd = await t.OpenAsync("/dev/eio").OrThrow();
        Assert.Equal(fd, await t.Dup2Async(0, fd).OrThrow());
        fd = await t.OpenAsync("/dev/eio").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseRangeAsync((uint)fd, (uint)fd));
    });

    [Fact, Trait("Case", "C066")]
    public Task CloseRange_Holes_AscendingOneHookPerOpenDescriptor() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        int other = await t.OpenAsync("/dev/c").OrThrow();
        foreach (int to in new[] { 7, 63, 64, 65, 200 })
            await t.Dup2Async(fd, to);
        log.Clear();
        Assert.Equal(SysResult.Ok(), await t.CloseRangeAsync(3, uint.MaxValue));
        Assert.Equal([3, 4, 7, 63, 64, 65, 200], s.Of(MachineEventKind.HookUninstall).Select(e => e.Fd));
        Assert.Equal(["flush", "flush", "release", "flush", "flush", "flush", "flush", "flush", "release"], log.Lines);
        Assert.Equal(SysResult.Ok(), await t.CloseRangeAsync(3, uint.MaxValue));
        Assert.Equal(4, other);
        Assert.Equal(3, await t.OpenAsync("/dev/c").OrThrow());
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(0, s_one));
    });

    [Fact, Trait("Case", "C067")]
    public Task CloseRange_BadArguments_EinvalAndNothingClosed() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.CloseRangeAsync(5, 4)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CloseRangeAsync(0, 9, (CloseRangeFlags)1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CloseRangeAsync(0, 9, (CloseRangeFlags)8)).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, s_one));
        Assert.Empty(s.Of(MachineEventKind.HookUninstall));
    });

    [Fact, Trait("Case", "C068")]
    public Task CloseRange_CloseOnExec_OnlyMarks() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        foreach (int to in new[] { 5, 9, 10 })
            await t.Dup2Async(fd, to);
        Assert.Equal(SysResult.Ok(), await t.CloseRangeAsync(3, 9, CloseRangeFlags.CloseOnExec));
        foreach (int to in new[] { 3, 5, 9, 10 })
        {
            Assert.Equal(to == 10 ? 0 : 1, (await t.FcntlAsync(to, FcntlCommand.GetFd)).Value);
            Assert.Equal(SysResult.Ok(), await t.ReadAsync(to, s_one));
        }
        Assert.Empty(s.Of(MachineEventKind.HookUninstall));
    });

    [Fact, Trait("Case", "C080")]
    public Task ExitThread_OthersShareTheTable_NothingCloses() => Play(async s =>
    {
        (UserThread first, Log log) = Start(s);
        UserThread second = first.Process.CreateThread();
        int fd = await first.OpenAsync("/dev/c").OrThrow();
        await first.ExitThreadAsync();
        Assert.Equal(SysResult.Ok(), await second.ReadAsync(fd, s_one));
        Assert.Equal(["open", "read 1"], log.Lines);
        Assert.Equal(SysResult.Ok(), await first.Process.ExitAsync());
        Assert.Equal(["open", "read 1", "flush", "release"], log.Lines);
        Assert.Equal([0, 1, 2, 3], s.Of(MachineEventKind.HookUninstall).Select(e => e.Fd));
    });

    [Fact, Trait("Case", "C086"), Trait("Case", "C087"), Trait("Case", "C088")]
    public Task SetFl_SharedByDups_ChangesStatusFlagsOnly() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        int other = await t.OpenAsync("/dev/c").OrThrow();
        const OpenFlags asked = OpenFlags.ReadOnly | OpenFlags.Truncate | OpenFlags.Create | OpenFlags.NonBlock;
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(dup, FcntlCommand.SetFl, (long)asked));
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(other, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)(OpenFlags.Direct | OpenFlags.Append))).Errno);
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)(OpenFlags.Append | OpenFlags.NoAccessTime)));
        Assert.Equal(
            (long)(OpenFlags.ReadWrite | OpenFlags.Append | OpenFlags.NoAccessTime), (await t.FcntlAsync(dup, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, (FcntlCommand)999)).Errno);
    });

    [Fact]
    public Task Direct_AsTheDriverSays_OpenAndSetFl() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        s.Machine.AddDevice("/dev/direct", () => new DirectDevice());
        Assert.Equal(Errno.EINVAL, (await t.OpenAsync("/dev/c", OpenFlags.ReadWrite | OpenFlags.Direct)).Errno);
        Assert.Equal(["open", "release"], log.Lines);
        int fd = await t.OpenAsync("/dev/direct", OpenFlags.ReadWrite | OpenFlags.Direct).OrThrow();
        Assert.Equal(3, fd);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, 0));
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Direct));
    });

    [Fact, Trait("Case", "C089")]
    public Task SetFl_NonBlockWhileAReaderSleeps_OnlyTheNextCallSeesIt() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = await s.OobThread(app);
        UserThread t = app.CreateThread();
        int fd = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[4]);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock));
        Assert.Equal(4, (await t.WriteAsync(fd, new byte[4])).Value);
        Assert.Equal(4, (await reading).Value);
        Assert.Equal(Errno.EAGAIN, (await reader.OobReadAsync(fd, new byte[4])).Errno);
    });

    [Fact]
    public Task Async_ThroughTheDriver_OnceEachWayAndBeforeRelease() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        int fd = await t.OpenAsync("/dev/c", OpenFlags.ReadWrite | OpenFlags.Async).OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        log.Clear();
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(dup, FcntlCommand.SetFl, (long)(OpenFlags.Async | OpenFlags.NonBlock)));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)(OpenFlags.Async | OpenFlags.NonBlock)));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(1)));
        Assert.Equal(
            (long)(OpenFlags.ReadWrite | OpenFlags.Async | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(0)));
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(-1)));
        await t.CloseAsync(dup);
        await t.CloseAsync(fd);
        Assert.Equal(
            [$"fasync {dup} on", $"fasync {fd} off", $"fasync {fd} on", "flush", "flush", "fasync -1 off", "release"], log.Lines);
    });

    [Fact]
    public Task Async_DriverRefuses_NoFlagChanges() => Play(async s =>
    {
        (UserThread t, Log log) = Start(s);
        s.Machine.AddDevice("/dev/no", () => new CountingDevice(log) { FasyncResult = Errno.ENOMEM });
        int fd = await t.OpenAsync("/dev/no").OrThrow();
        Assert.Equal(Errno.ENOMEM, (await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)(OpenFlags.Async | OpenFlags.NonBlock))).Errno);
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.ENOMEM, (await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(1))).Errno);
        await t.CloseAsync(fd);
        Assert.DoesNotContain("fasync -1 off", log.Lines);
    });

    [Fact]
    public Task Descriptors_LargeTable_HolesAreFilledInOrder() => Play(async s =>
    {
        (UserThread t, _) = Start(s, new EvlProcessOptions { MaxFiles = 4096 });
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        Assert.Equal(4095, await t.Dup2Async(fd, 4095).OrThrow());
        for (int i = 4; i < 140; i++)
            Assert.Equal(i, await t.DupAsync(fd).OrThrow());
        foreach (int hole in new[] { 128, 63, 64, 127 })
            await t.CloseAsync(hole);
        foreach (int hole in new[] { 63, 64, 127, 128, 140 })
            Assert.Equal(hole, await t.DupAsync(fd).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(4095, s_one));
        Assert.Equal(Errno.EMFILE, (await t.FcntlAsync(fd, FcntlCommand.DupFd, 4095)).Errno);
    });

    [Fact]
    public Task Dup2_Races_NumberIsNeverFreeInBetween() => Play(async s =>
    {
        (UserThread a, _) = Start(s);
        UserThread b = a.Process.CreateThread();
        int fd = await a.OpenAsync("/dev/c").OrThrow();
        int target = await a.DupAsync(fd).OrThrow();
        for (int i = 0; i < 20; i++)
        {
            ValueTask<SysResult> replacing = a.Dup2Async(fd, target);
            ValueTask<SysResult> opening = b.OpenAsync("/dev/c");
            Assert.Equal(target, (await replacing).Value);
            Assert.Equal(target + 1, (await opening).Value);
            await b.CloseAsync(target + 1);
        }
    });

    [Fact]
    public Task Calls_FromOutsideActorsWithoutTheirObjects_AreAnswered() => Play(async s =>
    {
        (UserThread t, _) = Start(s);
        int fd = await t.OpenAsync("/dev/c").OrThrow();
        foreach (SyscallNumber number in new[]
        {
            SyscallNumber.Readv, SyscallNumber.Writev, SyscallNumber.Mmap, SyscallNumber.Munmap, SyscallNumber.CloseRange,
            SyscallNumber.Dup3, SyscallNumber.Lseek, SyscallNumber.Pread, SyscallNumber.Fsync,
        })
        {
            var answered = new TaskCompletionSource<SysResult>();
            ActorRef asker = s.Machine.Engine.Spawn(new Asker(answered), new SpawnOptions("asker"));
            s.Machine.Dovetail.Tell(new Syscall(t.Tid, number, asker) { Fd = fd, Argument = -1, Argument2 = long.MaxValue }, Rank.InBand);
            SysResult result = await answered.Task;
            Assert.True(result.IsError || number == SyscallNumber.Fsync, $"{number}: {result}");
        }
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, s_one));
    });

    private static (UserThread Thread, Log Log) Start(Scenario s, EvlProcessOptions? options = null)
    {
        var log = new Log();
        s.Machine.AddDevice("/dev/c", () => new CountingDevice(log));
        return (s.Machine.CreateProcess(options).CreateThread(), log);
    }

    private static MachineEvent[] HooksOf(Scenario s) =>
        [.. s.Of(MachineEventKind.HookInstall, MachineEventKind.HookReplace, MachineEventKind.HookUninstall)];

    private sealed class Asker(TaskCompletionSource<SysResult> answered) : Actor
    {
        protected internal override void Receive(Message message) => answered.TrySetResult(((SyscallResult)message).Result);
    }

    private sealed class SlowOpenDevice(Task gate) : CharDevice
    {
        protected internal override async IoTask Open(IoCall call)
        {
            await gate;
            return 0;
        }
    }

    private sealed class DirectDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.AllowDirectIo();
            return SysResult.Ok();
        }
    }
}
