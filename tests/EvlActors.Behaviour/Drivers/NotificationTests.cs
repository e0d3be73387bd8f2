using EvlActors.Behaviour.InBand;
using EvlActors.Calls;
using EvlActors.Drivers;
using Xunit;
using static EvlActors.FcntlCommand;

namespace EvlActors.Behaviour;

/// <summary>Notification by signals: which files are armed, what their owners are told, and when no longer.</summary>
public abstract class NotificationTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const string Bell = "/dev/bell";
    private const Signal Chosen = Signal.SIGRTMIN + 3;

    [Fact, Trait("Case", "C235"), Trait("Rule", "I-4")]
    public Task Event_OwnerIsSelf_OnePlainSigio() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Start(s);
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await Arm(t, fd).OrThrow();
        await Ring(t, fd, PollCode.In);
        SigInfo info = Assert.Single(seen);
        Assert.Equal(new SigInfo(Signal.SIGIO, SigCode.Kernel), info);
        Assert.Equal(PollCode.None, info.PollCode);
        await Disarm(t, fd).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Single(seen);
    });

    [Fact, Trait("Case", "C236"), Trait("Rule", "I-2")]
    public Task Event_NoOwner_NoSignalUntilThereIsOne() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Start(s);
        await Arm(t, fd).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Empty(seen);
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Single(seen);
        await t.FcntlAsync(fd, SetOwn, 0).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Single(seen);
    });

    [Fact, Trait("Case", "C238"), Trait("Rule", "I-1")]
    public Task SetSig_NoSignal_EinvalAndTheFormerIsKept() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetSig));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetSig, (long)Signal.SIGUSR1));
        foreach (long bad in (long[])[65, -1, int.MinValue, 1L << 32])
        {
            Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, SetSig, bad)).Errno);
            Assert.Equal((long)Signal.SIGUSR1, (await t.FcntlAsync(fd, GetSig)).Value);
        }
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetSig, 64));
        Assert.Equal(64, (await t.FcntlAsync(fd, GetSig)).Value);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetSig, 0));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetSig));
    });

    [Fact, Trait("Case", "C239"), Trait("Rule", "I-4")]
    public Task Event_SignalChosen_DescriptorCodeAndBand() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.SIGUSR1);
        await Ring(t, fd, PollCode.In);
        SigInfo info = Assert.Single(seen);
        Assert.Equal(new SigInfo(Signal.SIGUSR1, (SigCode)1) { Fd = fd, Band = (long)(PollEvents.In | PollEvents.RdNorm) }, info);
        Assert.Equal(PollCode.In, info.PollCode);
    });

    [Theory, Trait("Case", "C249"), Trait("Rule", "I-4")]
    [InlineData(PollCode.In, 1, PollEvents.In | PollEvents.RdNorm)]
    [InlineData(PollCode.Out, 2, PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand)]
    [InlineData(PollCode.Msg, 3, PollEvents.In | PollEvents.RdNorm | PollEvents.Msg)]
    [InlineData(PollCode.Err, 4, PollEvents.Err)]
    [InlineData(PollCode.Pri, 5, PollEvents.Pri | PollEvents.RdBand)]
    [InlineData(PollCode.Hup, 6, PollEvents.Hup | PollEvents.Err)]
    public Task Event_EachCode_ItsBand(PollCode code, int number, PollEvents band) => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        await Ring(t, fd, code);
        Assert.Equal(new SigInfo(Chosen, (SigCode)number) { Fd = fd, Band = (long)band }, Assert.Single(seen));
        Assert.Equal(code, seen[0].PollCode);
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Event_SigioChosen_TellsWhatAndWhere() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.SIGIO);
        await Ring(t, fd, PollCode.Pri);
        Assert.Equal((Signal.SIGIO, fd, PollCode.Pri), (seen[0].Number, seen[0].Fd, seen[0].PollCode));
        Assert.Single(seen);
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Event_SignalWithCodesOfItsOwn_SaysSigio() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.SIGCHLD);
        await Ring(t, fd, PollCode.In);
        SigInfo info = Assert.Single(seen);
        Assert.Equal((SigCode.SigIo, fd, (long)(PollEvents.In | PollEvents.RdNorm)), (info.Code, info.Fd, info.Band));
        Assert.Equal(PollCode.None, info.PollCode);
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Event_Urgent_OnlyToWhoChoseASignal() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.None);
        await t.IoctlAsync(fd, BellDevice.RingUrgent, (long)PollCode.Pri).OrThrow();
        await Settle(t, fd);
        Assert.Empty(seen);
        await t.FcntlAsync(fd, SetSig, (long)Signal.SIGUSR1).OrThrow();
        await t.IoctlAsync(fd, BellDevice.RingUrgent, (long)PollCode.Pri).OrThrow();
        await Settle(t, fd);
        Assert.Equal((Signal.SIGUSR1, PollCode.Pri), (Assert.Single(seen).Number, seen[0].PollCode));
    });

    [Fact, Trait("Rule", "I-4"), Trait("Rule", "o-7")]
    public Task Event_QueueOfRealTimeSignalsFull_PlainSigio() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Start(s, new EvlProcessOptions { MaxPendingSignals = 2 });
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        await Arm(t, fd).OrThrow();
        await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen, Signal.SIGIO));
        foreach (PollCode code in (PollCode[])[PollCode.In, PollCode.Out, PollCode.Pri, PollCode.Hup])
            await t.IoctlAsync(fd, BellDevice.Ring, (long)code).OrThrow();
        await Settle(t, fd);
        Assert.Empty(seen);
        await t.SigprocmaskAsync(SigMaskHow.Unblock, SigSet.Of(Chosen, Signal.SIGIO));
        await Settle(t, fd);
        Assert.Equal([new SigInfo(Signal.SIGIO, SigCode.Kernel)], seen.Where(info => info.Number == Signal.SIGIO));
        Assert.Equal([PollCode.In, PollCode.Out], seen.Where(info => info.Number == Chosen).Select(info => info.PollCode));
    });

    [Fact, Trait("Case", "C243"), Trait("Rule", "I-5")]
    public Task Arm_ThroughADup_TheDupIsNamed() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Start(s);
        int dup = await t.DupAsync(fd).OrThrow();
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await t.FcntlAsync(dup, SetSig, (long)Chosen).OrThrow();
        await Arm(t, dup).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Equal(dup, Assert.Single(seen).Fd);
    });

    [Fact, Trait("Rule", "I-5")]
    public Task ArmAgain_ThroughADup_NewSignalOldDescriptor() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.SIGUSR1);
        int dup = await t.DupAsync(fd).OrThrow();
        await t.FcntlAsync(dup, SetSig, (long)Signal.SIGUSR2).OrThrow();
        await Arm(t, dup).OrThrow();
        await t.IoctlAsync(dup, VfsIoctl.Fioasync, BitConverter.GetBytes(1)).OrThrow();
        await Ring(t, dup, PollCode.In);
        Assert.Equal((Signal.SIGUSR2, fd), (Assert.Single(seen).Number, seen[0].Fd));
        // The number that is named may be nobody's by now, or another file's.
        await t.CloseAsync(fd).OrThrow();
        await Ring(t, dup, PollCode.In);
        Assert.Equal((2, fd), (seen.Count, seen[1].Fd));
        await t.FcntlAsync(dup, SetSig, 0).OrThrow();
        await Ring(t, dup, PollCode.In);
        Assert.Equal(new SigInfo(Signal.SIGIO, SigCode.Kernel), seen[2]);
        Assert.Equal(3, seen.Count);
    });

    [Fact, Trait("Case", "C244"), Trait("Rule", "I-2")]
    public Task Arm_Twice_HandlerOnceAndOneSignalPerEvent() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, Log log) = await Armed(s, Chosen);
        await Arm(t, fd).OrThrow();
        Assert.Equal([$"fasync {fd} on"], log.Lines);
        await Ring(t, fd, PollCode.In);
        await Ring(t, fd, PollCode.Out);
        Assert.Equal([PollCode.In, PollCode.Out], seen.Select(info => info.PollCode));
    });

    [Fact, Trait("Case", "C245"), Trait("Rule", "I-2")]
    public Task Arm_DriverWithoutFasync_SilentByFcntlEnottyByIoctl() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/plain", () => new PlainDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/plain").OrThrow();
        Assert.Equal(SysResult.Ok(), await Arm(t, fd));
        Assert.False(await IsArmed(t, fd));
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(1))).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, VfsIoctl.Fioasync, BitConverter.GetBytes(0)));
    });

    [Fact, Trait("Case", "C247"), Trait("Rule", "I-3")]
    public Task FasyncHelper_OnAndOff_OneIfTheListChangesAndTheBitFollows() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, Log log) = await Start(s);
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        Assert.Equal(0, (await t.IoctlAsync(fd, BellDevice.Remove)).Value);
        Assert.Equal(1, (await t.IoctlAsync(fd, BellDevice.Insert, 40)).Value);
        Assert.True(await IsArmed(t, fd));
        Assert.Equal(0, (await t.IoctlAsync(fd, BellDevice.Insert, 41)).Value);
        Assert.True(await IsArmed(t, fd));
        // Only the descriptor was replaced: one entry, one signal.
        await Ring(t, fd, PollCode.In);
        Assert.Equal(41, Assert.Single(seen).Fd);
        Assert.Equal(1, (await t.IoctlAsync(fd, BellDevice.Remove)).Value);
        Assert.False(await IsArmed(t, fd));
        Assert.Equal(0, (await t.IoctlAsync(fd, BellDevice.Remove)).Value);
        await Ring(t, fd, PollCode.In);
        Assert.Single(seen);
        Assert.Empty(log.Lines);
    });

    [Fact, Trait("Case", "C248"), Trait("Rule", "I-2")]
    public Task Open_WithAsync_IgnoredAndFcntlArms() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, _, Log log) = await Start(s);
        int fd = await t.OpenAsync(Bell, OpenFlags.ReadWrite | OpenFlags.Async).OrThrow();
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        Assert.False(await IsArmed(t, fd));
        await Ring(t, fd, PollCode.In);
        Assert.Empty(seen);
        Assert.Empty(log.Lines);
        await Arm(t, fd).OrThrow();
        Assert.True(await IsArmed(t, fd));
        await Ring(t, fd, PollCode.In);
        Assert.Single(seen);
    });

    [Fact, Trait("Case", "C248a"), Trait("Rule", "I-6")]
    public Task Pipe_WriterArmed_ToldOfRoomAndOfTheReadersEnd() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int read, int write) = await Pipe(s);
        await t.WriteAsync(write, new byte[3]).OrThrow();
        await Own(t, write, Chosen);
        await t.ReadAsync(read, new byte[1]).OrThrow();
        await Settle(t, write);
        var room = new SigInfo(Chosen, (SigCode)2) { Fd = write, Band = 0x304 };
        Assert.Equal(room, Assert.Single(seen));
        // Nothing was taken: no room.
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(read, UserBuffer.Bad(1))).Errno);
        await t.WriteAsync(write, new byte[1]).OrThrow();
        await Settle(t, write);
        Assert.Single(seen);
        await t.CloseAsync(read).OrThrow();
        await Settle(t, write);
        Assert.Equal([room, room], seen);
        // Its own end is no event for it.
        await t.CloseAsync(write).OrThrow();
        await t.GetpidAsync();
        Assert.Equal(2, seen.Count);
    });

    [Fact, Trait("Rule", "I-6"), Trait("Rule", "I-7")]
    public Task Pipe_ReaderArmed_ToldOfBytesAndOfTheWritersEnd() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int read, int write) = await Pipe(s);
        await Own(t, read, Chosen);
        await t.WriteAsync(write, new byte[3]).OrThrow();
        await Settle(t, read);
        var bytes = new SigInfo(Chosen, (SigCode)1) { Fd = read, Band = 0x41 };
        Assert.Equal(bytes, Assert.Single(seen));
        await t.ReadAsync(read, new byte[2]).OrThrow();
        await Settle(t, read);
        Assert.Single(seen);
        await t.CloseAsync(write).OrThrow();
        await Settle(t, read);
        Assert.Equal([bytes, bytes], seen);
    });

    [Fact, Trait("Case", "C251"), Trait("Rule", "I-1")]
    public Task GetOwn_EachType_AsItWasSet() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        EvlProcess app = t.Process;
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetOwn));
        Assert.Equal(0, (await OwnerOf(t, fd)).Id);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetOwn, app.Pid));
        Assert.Equal(app.Pid, (await t.FcntlAsync(fd, GetOwn)).Value);
        Assert.Equal(new FileOwner(FileOwnerType.Pid, app.Pid), await OwnerOf(t, fd));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetOwn, -app.Pid));
        Assert.Equal(-app.Pid, (await t.FcntlAsync(fd, GetOwn)).Value);
        Assert.Equal(new FileOwner(FileOwnerType.Pgrp, app.Pid), await OwnerOf(t, fd));
        foreach (FileOwnerType type in Enum.GetValues<FileOwnerType>())
        {
            var owner = new FileOwner(type, type == FileOwnerType.Tid ? t.Tid : app.Pid);
            Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetOwnEx, owner));
            Assert.Equal(owner, await OwnerOf(t, fd));
            Assert.Equal(type == FileOwnerType.Pgrp ? -owner.Id : owner.Id, (await t.FcntlAsync(fd, GetOwn)).Value);
        }
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, SetOwnEx, new FileOwner(FileOwnerType.Pgrp, 0)));
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetOwn));
    });

    [Fact, Trait("Rule", "I-1")]
    public Task SetOwn_BadOwner_ItsErrnoAndTheFormerIsKept() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, SetOwn, int.MinValue)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.FcntlAsync(fd, SetOwn, 999)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.FcntlAsync(fd, SetOwn, -999)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, SetOwnEx, new FileOwner((FileOwnerType)3, t.Tid))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FcntlAsync(fd, SetOwnEx, new FileOwner((FileOwnerType)(-1), 0))).Errno);
        foreach (FileOwnerType type in Enum.GetValues<FileOwnerType>())
        {
            Assert.Equal(Errno.ESRCH, (await t.FcntlAsync(fd, SetOwnEx, new FileOwner(type, 999))).Errno);
            Assert.Equal(Errno.ESRCH, (await t.FcntlAsync(fd, SetOwnEx, new FileOwner(type, -1))).Errno);
        }
        Assert.Equal(Errno.EFAULT, (await t.FcntlAsync(fd, SetOwnEx, UserBuffer.Null)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.FcntlAsync(fd, SetOwnEx, new byte[FileOwner.Bytes - 1])).Errno);
        Assert.Equal(Errno.EFAULT, (await t.FcntlAsync(fd, SetOwnEx, 5)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.FcntlAsync(fd, GetOwnEx, UserBuffer.Bad(FileOwner.Bytes))).Errno);
        Assert.Equal(new FileOwner(FileOwnerType.Pid, t.Process.Pid), await OwnerOf(t, fd));
        // The descriptor comes first.
        int path = await t.OpenAsync(Bell, OpenFlags.Path).OrThrow();
        foreach (int bad in (int[])[99, path])
        {
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(bad, SetOwn, int.MinValue)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(bad, SetOwnEx, UserBuffer.Null)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(bad, GetOwn)).Errno);
            Assert.Equal(Errno.EBADF, (await t.FcntlAsync(bad, SetSig, 65)).Errno);
        }
    });

    [Fact, Trait("Rule", "I-1")]
    public Task GetOwn_OwnerDied_Nobody() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        int pid = await t.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        UserThread second = t.Process.CreateThread();
        await t.FcntlAsync(fd, SetOwn, pid).OrThrow();
        Assert.Equal(pid, (await child.FcntlAsync(fd, GetOwn)).Value);
        await child.Process.ExitAsync();
        await t.WaitAsync(pid).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetOwn));
        Assert.Equal(new FileOwner(FileOwnerType.Pid, 0), await OwnerOf(t, fd));
        await Ring(t, fd, PollCode.In);
        await t.FcntlAsync(fd, SetOwnEx, new FileOwner(FileOwnerType.Tid, second.Tid)).OrThrow();
        Assert.Equal(second.Tid, (await t.FcntlAsync(fd, GetOwn)).Value);
        await second.ExitThreadAsync();
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetOwn));
        await Ring(t, fd, PollCode.In);
        Assert.Equal([Signal.SIGCHLD], seen.Select(info => info.Number));
    });

    [Fact, Trait("Rule", "I-1")]
    public Task Event_OwnerIsAThread_ItAndNoOther() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        var at = new List<int>();
        await t.SigactionAsync(Chosen, SigAction.Handle((thread, _) => { at.Add(thread.Tid); return default; })).OrThrow();
        UserThread second = t.Process.CreateThread();
        await t.FcntlAsync(fd, SetOwnEx, new FileOwner(FileOwnerType.Tid, second.Tid)).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        await Arm(t, fd).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Empty(at);
        await second.GetpidAsync();
        Assert.Equal([second.Tid], at);
    });

    [Fact, Trait("Rule", "I-1"), Trait("Rule", "I-6")]
    public Task Event_OwnerIsAGroup_EachProcessOfItAfterAFork() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        var by = new List<int>();
        await t.SigactionAsync(Chosen, SigAction.Handle((thread, _) => { by.Add(thread.Process.Pid); return default; })).OrThrow();
        await t.FcntlAsync(fd, SetOwn, -t.Process.Pid).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        await Arm(t, fd).OrThrow();
        int pid = await t.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        UserThread stranger = s.Machine.CreateProcess().CreateThread();
        await stranger.SigactionAsync(Chosen, SigAction.Handle(_ => by.Add(-1))).OrThrow();
        await Ring(t, fd, PollCode.In);
        await child.GetpidAsync();
        await stranger.GetpidAsync();
        Assert.Equal([t.Process.Pid, pid], by.Order());
    });

    [Fact, Trait("Rule", "I-6")]
    public Task Fork_ArmedFile_SharedAndTheOwnerStays() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, Log log) = await Armed(s, Chosen);
        int pid = await t.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!;
        Assert.Equal(t.Process.Pid, (await child.FcntlAsync(fd, GetOwn)).Value);
        Assert.Equal((long)Chosen, (await child.FcntlAsync(fd, GetSig)).Value);
        Assert.True(await IsArmed(child, fd));
        await t.CloseAsync(fd).OrThrow();
        await child.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.Out).OrThrow();
        await Settle(child, fd);
        await t.GetpidAsync();
        Assert.Equal((fd, PollCode.Out), (Assert.Single(seen).Fd, seen[0].PollCode));
        await Disarm(child, fd).OrThrow();
        await child.CloseAsync(fd).OrThrow();
        Assert.Equal([$"fasync {fd} on", $"fasync {fd} off", "release"], log.Lines);
    });

    [Fact, Trait("Rule", "I-1")]
    public Task Event_OwnerOfAnotherUser_NotToldUnlessRootSetIt() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Start(s, new EvlProcessOptions { Credentials = Credentials.User(6, 6) });
        await Arm(t, fd).OrThrow();
        // Who sets the owner needs no permission; it counts when a signal is sent. Capabilities do not.
        UserThread user = await Sharing(Credentials.User(5, 5) with { Effective = Capabilities.Kill });
        Assert.Equal(SysResult.Ok(), await user.FcntlAsync(3, SetOwn, t.Process.Pid));
        await Arm(user, 3).OrThrow();
        await Ring(user, 3, PollCode.In);
        await t.GetpidAsync();
        Assert.Empty(seen);
        UserThread same = await Sharing(Credentials.User(6, 6));
        await same.FcntlAsync(3, SetOwn, t.Process.Pid).OrThrow();
        await Arm(same, 3).OrThrow();
        await Ring(same, 3, PollCode.In);
        await t.GetpidAsync();
        Assert.Single(seen);
        await Disarm(same, 3).OrThrow();
        // The caller's credentials as they were then.
        UserThread root = await Sharing(Credentials.Root with { Effective = Capabilities.SetUid, Permitted = Capabilities.SetUid });
        await root.FcntlAsync(3, SetOwn, t.Process.Pid).OrThrow();
        await Arm(root, 3).OrThrow();
        await root.SetuidAsync(5).OrThrow();
        await Ring(root, 3, PollCode.In);
        await t.GetpidAsync();
        Assert.Equal(2, seen.Count);

        async Task<UserThread> Sharing(Credentials credentials)
        {
            UserThread thread = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = credentials }).CreateThread();
            Assert.Equal(3, await thread.OpenAsync(Bell).OrThrow());
            return thread;
        }
    });

    [Fact, Trait("Rule", "I-3"), Trait("Rule", "I-4")]
    public Task Event_SeveralFilesInTheList_EachByItsOwnSignalToItsOwnOwner() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Signal.SIGUSR1);
        int second = await t.OpenAsync(Bell).OrThrow();
        await Own(t, second, Signal.SIGUSR2);
        int silent = await t.OpenAsync(Bell).OrThrow();
        await t.FcntlAsync(silent, SetOwn, t.Process.Pid).OrThrow();
        await t.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.In).OrThrow();
        await Settle(t, fd);
        await Settle(t, second);
        Assert.Equal([(Signal.SIGUSR1, fd), (Signal.SIGUSR2, second)], seen.Select(info => (info.Number, info.Fd)).Order());
        await t.CloseAsync(second).OrThrow();
        await Ring(t, fd, PollCode.In);
        Assert.Equal((3, Signal.SIGUSR1), (seen.Count, seen[2].Number));
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Event_FromOobHandlerAndTimer_ToldAsWell() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        UserThread oob = await s.OobThread(s.Machine.CreateProcess());
        int other = await oob.OpenAsync(Bell).OrThrow();
        ValueTask<SysResult> pause = t.PauseAsync();
        await s.UntilAsleep(t);
        await oob.OobIoctlAsync(other, BellDevice.Ring).OrThrow();
        Assert.Equal(Errno.EINTR, (await pause).Errno);
        Assert.Equal(fd, Assert.Single(seen).Fd);
        UserThread helper = t.Process.CreateThread();
        await helper.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen));
        ValueTask<SysResult> again = t.PauseAsync();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid
            && e.Sequence > s.Events.First(first => first.Kind == MachineEventKind.CallAsleep && first.Tid == t.Tid).Sequence);
        await helper.IoctlAsync(fd, BellDevice.RingLater).OrThrow();
        Assert.Equal(Errno.EINTR, (await again).Errno);
        Assert.Equal(2, seen.Count);
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Event_CallerIsTheOwner_HandlerRunsBeforeTheCallReturns() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        int second = await t.OpenAsync(Bell).OrThrow();
        await Own(t, second, Signal.SIGUSR1);
        int nobodys = await t.OpenAsync(Bell).OrThrow();
        await Arm(t, nobodys).OrThrow();
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.In));
        Assert.Equal([Signal.SIGUSR1, Chosen], seen.Select(info => info.Number).Order());
        // By another thread of the process, which blocks it: the main thread has it before the call returns.
        UserThread ringer = t.Process.CreateThread();
        await ringer.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen, Signal.SIGUSR1));
        await ringer.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.In).OrThrow();
        await t.GetpidAsync();
        Assert.Equal(4, seen.Count);
    });

    [Fact, Trait("Rule", "I-4")]
    public Task Events_SeveralInOneCall_AllHandlersRunBeforeItReturns() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, OpenDevice device) = await OfOpenDevice(s);
        var list = new FasyncList();
        int fd = await t.OpenAsync(OpenDevice.Path).OrThrow();
        device.InBand[1] = call => list.FasyncHelper(call.Fd, call.File, true);
        device.InBand[2] = _ =>
        {
            foreach (PollCode code in (PollCode[])[PollCode.In, PollCode.Out, PollCode.Pri])
                list.KillFasync(Signal.SIGIO, code);
            return SysResult.Ok();
        };
        await t.IoctlAsync(fd, 1).OrThrow();
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        await t.IoctlAsync(fd, 2).OrThrow();
        Assert.Equal([PollCode.In, PollCode.Out, PollCode.Pri], seen.Select(info => info.PollCode));
        await t.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen));
        await t.IoctlAsync(fd, 2).OrThrow();
        Assert.Equal(3, seen.Count);
        await t.SigprocmaskAsync(SigMaskHow.Unblock, SigSet.Of(Chosen));
        Assert.Equal(6, seen.Count);
    });

    [Fact, Trait("Rule", "I-4"), Trait("Rule", "I-7")]
    public Task Pipe_BothEndsOfOneThread_HandlerRunsBeforeWriteReadAndCloseReturn() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int read, int write) = await Pipe(s);
        await Own(t, read, Signal.SIGUSR1);
        await Own(t, write, Signal.SIGUSR2);
        Assert.Equal(2, (await t.WriteAsync(write, new byte[2])).Value);
        Assert.Equal([Signal.SIGUSR1], seen.Select(info => info.Number));
        Assert.Equal(1, (await t.ReadAsync(read, new byte[1])).Value);
        Assert.Equal([Signal.SIGUSR1, Signal.SIGUSR2], seen.Select(info => info.Number));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(read));
        Assert.Equal([Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGUSR2], seen.Select(info => info.Number));
    });

    [Fact, Trait("Rule", "I-4"), Trait("Rule", "q-2")]
    public Task Device_FailsWhileACallWaitsForItsSignal_TheCallIsAnswered() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Armed(s, Chosen);
        UserThread breaker = t.Process.CreateThread();
        UserThread other = s.Machine.CreateProcess().CreateThread();
        int others = await other.OpenAsync(Bell).OrThrow();
        ValueTask<SysResult> ringing = other.IoctlAsync(others, BellDevice.Ring, (long)PollCode.In);
        Assert.Equal(Errno.EIO, (await breaker.IoctlAsync(fd, BellDevice.Break)).Errno);
        Assert.Contains((await ringing).Errno, (Errno[])[Errno.None, Errno.EIO]);
    });

    [Fact, Trait("Rule", "I-1"), Trait("Rule", "I-4")]
    public Task Event_OwnerThreadEnds_ToldOrNotAndTheCallReturns() => Play(async s =>
    {
        (UserThread t, _, int fd, _) = await Start(s);
        UserThread second = t.Process.CreateThread();
        await t.FcntlAsync(fd, SetOwnEx, new FileOwner(FileOwnerType.Tid, second.Tid)).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)Chosen).OrThrow();
        await Arm(t, fd).OrThrow();
        ValueTask<SysResult> ending = second.ExitThreadAsync();
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.In));
        await ending;
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, GetOwn));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, BellDevice.Ring, (long)PollCode.In));
    });

    [Fact, Trait("Case", "C094"), Trait("Rule", "I-6")]
    public Task Close_ArmedFile_TakenOutBeforeReleaseWithoutSignal() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, Log log) = await Armed(s, Chosen);
        int dup = await t.DupAsync(fd).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        // Closing a dup takes nothing out.
        Assert.True(await IsArmed(t, dup));
        long file = s.FileAt(dup);
        await t.CloseAsync(dup).OrThrow();
        Assert.Equal([$"fasync {fd} on", "fasync -1 off", "release"], log.Lines);
        s.AssertOrder(
            e => e.Kind == MachineEventKind.HookUninstall && e.Fd == dup,
            e => e.Kind == MachineEventKind.InBandReferencePut && e.File == file && e.Count == 0,
            e => e.Kind == MachineEventKind.CallRouted && e.Nr == SyscallNumber.Close && e.Detail == nameof(FileOperation.Fasync),
            e => e.Kind == MachineEventKind.ReleaseBegun && e.File == file,
            e => e.Kind == MachineEventKind.ReleaseDone && e.File == file);
        int other = await t.OpenAsync(Bell).OrThrow();
        await t.IoctlAsync(other, BellDevice.Ring, (long)PollCode.In).OrThrow();
        await Settle(t, other);
        Assert.Empty(seen);
    });

    [Fact, Trait("Rule", "I-6")]
    public Task Close_WhileAnEventHappens_ToldOnceOrNotAndNeverLater() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        UserThread ringer = t.Process.CreateThread();
        await ringer.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen));
        int other = await t.OpenAsync(Bell).OrThrow();
        ValueTask<SysResult> ringing = ringer.IoctlAsync(other, BellDevice.Ring, (long)PollCode.In);
        await t.CloseAsync(fd).OrThrow();
        await ringing.OrThrow();
        await Settle(t, other);
        Assert.InRange(seen.Count, 0, 1);
        int told = seen.Count;
        await Ring(t, other, PollCode.In);
        Assert.Equal(told, seen.Count);
    });

    [Fact, Trait("Rule", "q-2")]
    public Task Device_Fails_ArmedFilesGetPollErrOnce() => Play(async s =>
    {
        (UserThread t, List<SigInfo> seen, int fd, _) = await Armed(s, Chosen);
        int dup = await t.DupAsync(fd).OrThrow();
        await t.IoctlAsync(fd, BellDevice.InsertInOther, fd).OrThrow();
        int silent = await t.OpenAsync(Bell).OrThrow();
        await t.FcntlAsync(silent, SetOwn, t.Process.Pid).OrThrow();
        UserThread oob = await s.OobThread(t.Process);
        await oob.SigprocmaskAsync(SigMaskHow.Block, SigSet.Of(Chosen));
        ValueTask<SysResult> ringing = oob.OobIoctlAsync(fd, BellDevice.RingWhenBroken);
        await s.UntilAsleep(oob);
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(dup, BellDevice.Break)).Errno);
        Assert.Equal(Errno.EIO, (await ringing).Errno);
        await Settle(t, fd);
        await Settle(t, silent);
        Assert.Equal(new SigInfo(Chosen, (SigCode)PollCode.Err) { Fd = fd, Band = (long)PollEvents.Err }, Assert.Single(seen));
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, BellDevice.Ring)).Errno);
        await Settle(t, fd);
        Assert.Single(seen);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(dup));
    });

    private static async Task<(UserThread Thread, List<SigInfo> Seen, int Fd, Log Log)> Start(Scenario s, EvlProcessOptions? options = null)
    {
        var log = new Log();
        s.Machine.AddDevice(Bell, () => new BellDevice(log));
        UserThread t = s.Machine.CreateProcess(options ?? new EvlProcessOptions()).CreateThread();
        return (t, await Watch(t), await t.OpenAsync(Bell).OrThrow(), log);
    }

    private static async Task<(UserThread Thread, List<SigInfo> Seen, int Fd, Log Log)> Armed(Scenario s, Signal signal)
    {
        (UserThread t, List<SigInfo> seen, int fd, Log log) = await Start(s);
        await Own(t, fd, signal);
        return (t, seen, fd, log);
    }

    private static async Task<(UserThread Thread, List<SigInfo> Seen, int Read, int Write)> Pipe(Scenario s)
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] fds = new int[2];
        await t.PipeAsync(fds).OrThrow();
        return (t, await Watch(t), fds[0], fds[1]);
    }

    private static async Task<(UserThread Thread, List<SigInfo> Seen, OpenDevice Device)> OfOpenDevice(Scenario s)
    {
        var device = new OpenDevice();
        s.Machine.AddDevice(OpenDevice.Path, () => device);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await Watch(t), device);
    }

    private static async Task<List<SigInfo>> Watch(UserThread t)
    {
        var seen = new List<SigInfo>();
        foreach (Signal signal in (Signal[])[Signal.SIGIO, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGCHLD, Chosen])
            await t.SigactionAsync(signal, SigAction.Handle(seen.Add, restart: true)).OrThrow();
        return seen;
    }

    private static async Task Own(UserThread t, int fd, Signal signal)
    {
        await t.FcntlAsync(fd, SetOwn, t.Process.Pid).OrThrow();
        await t.FcntlAsync(fd, SetSig, (long)signal).OrThrow();
        await Arm(t, fd).OrThrow();
    }

    private static async Task Ring(UserThread t, int fd, PollCode code)
    {
        await t.IoctlAsync(fd, BellDevice.Ring, (long)code).OrThrow();
        await Settle(t, fd);
    }

    // F_GETOWN takes the way of an event, behind it: by the file to the in-band stage. Then the thread has what the stage offered
    // it, and takes it with its next call; a further real-time signal of the number follows with the one after.
    private static async Task Settle(UserThread t, int fd)
    {
        await t.FcntlAsync(fd, GetOwn).OrThrow();
        for (int i = 0; i < 4; i++)
            await t.GetpidAsync();
    }

    private static ValueTask<SysResult> Arm(UserThread t, int fd) => t.FcntlAsync(fd, SetFl, (long)OpenFlags.Async);

    private static ValueTask<SysResult> Disarm(UserThread t, int fd) => t.FcntlAsync(fd, SetFl, 0);

    private static async Task<bool> IsArmed(UserThread t, int fd) =>
        ((OpenFlags)(await t.FcntlAsync(fd, GetFl)).Value & OpenFlags.Async) != 0;

    private static async Task<FileOwner> OwnerOf(UserThread t, int fd)
    {
        byte[] data = new byte[FileOwner.Bytes];
        await t.FcntlAsync(fd, GetOwnEx, data).OrThrow();
        return FileOwner.ReadFrom(data);
    }
}
