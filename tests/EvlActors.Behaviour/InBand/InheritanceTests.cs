using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>What goes on to a forked process and to another program, and which elements others can see.</summary>
public abstract class InheritanceTests : MachineTests
{
    [Fact, Trait("Case", "C020"), Trait("Case", "C078")]
    public Task Fork_OobFile_NoHookAndTheChildReadsOnceAttached() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int xbuf = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await t.WriteAsync(xbuf, new byte[4]).OrThrow();
        int hooks = Hooks(s);
        UserThread child = await Fork(s, t);
        Assert.Equal(hooks, Hooks(s));
        Assert.Equal(Errno.EPERM, (await child.OobReadAsync(xbuf, new byte[4])).Errno);
        await child.AttachAsync().OrThrow();
        Assert.Equal(4, await child.OobReadAsync(xbuf, new byte[4]).OrThrow());
    });

    [Fact, Trait("Case", "C077")]
    public Task Fork_Table_NumbersAndBitsCopiedPositionsShared() => Play(async s =>
    {
        s.Machine.AddFile("/tmp/digits", "0123456789");
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/tmp/digits").OrThrow();
        int marked = await t.FcntlAsync(fd, FcntlCommand.DupFdCloseOnExec, 7).OrThrow();
        UserThread child = await Fork(s, t);
        Assert.Equal(0, await child.FcntlAsync(fd, FcntlCommand.GetFd).OrThrow());
        Assert.Equal(1, await child.FcntlAsync(marked, FcntlCommand.GetFd).OrThrow());
        await t.FcntlAsync(marked, FcntlCommand.SetFd, 0).OrThrow();
        Assert.Equal(1, await child.FcntlAsync(marked, FcntlCommand.GetFd).OrThrow());
        await t.LseekAsync(fd, 4).OrThrow();
        byte[] buffer = new byte[2];
        Assert.Equal(2, await child.ReadAsync(marked, buffer).OrThrow());
        Assert.Equal("45"u8.ToArray(), buffer);
        await child.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        await child.CloseAsync(fd).OrThrow();
        Assert.Equal(fd, await child.DupAsync(0).OrThrow());
        Assert.Equal(2, await t.ReadAsync(fd, buffer).OrThrow());
    });

    [Fact, Trait("Case", "C081")]
    public Task Exec_SharedTable_MarkedOnesCloseInTheCopyOnly() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(3, await t.OpenAsync("/dev/console", OpenFlags.ReadWrite | OpenFlags.CloseOnExec).OrThrow());
        Assert.Equal(4, await t.DupAsync(3).OrThrow());
        UserThread sharing = await Fork(s, t, CloneFlags.Files);
        Assert.Equal(SysResult.Ok(), await t.ExecAsync());
        MachineEvent closed = Assert.Single(s.Of(MachineEventKind.HookUninstall));
        Assert.Equal((3, t.Process.Pid), (closed.Fd, closed.Pid));
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(3, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(4, new byte[1]));
        Assert.Equal(SysResult.Ok(), await sharing.ReadAsync(3, new byte[1]));
        // The tables are apart now.
        await t.CloseAsync(4).OrThrow();
        Assert.Equal(SysResult.Ok(), await sharing.ReadAsync(4, new byte[1]));
    });

    [Fact, Trait("Case", "C106")]
    public Task CreateXbuf_PublicPrivateAnonymous_OnlyThePublicHasANode() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread other = s.Machine.CreateProcess().CreateThread();
        await t.InitAsync().OrThrow();
        int fd = await t.CreateXbufAsync("/n", 8, 8).OrThrow();
        await t.CreateXbufAsync("p", 8, 8).OrThrow();
        await t.CreateXbufAsync(null, 8, 8).OrThrow();
        int theirs = await other.OpenAsync("/dev/evl/xbuf/n").OrThrow();
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/p")).Errno);
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/xbuf%2")).Errno);
        await other.CloseAsync(theirs).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/n")).Errno);
        await t.CreateXbufAsync("/n", 8, 8).OrThrow();
    });

    [Fact]
    public Task CreateXbuf_OtherFlags_Einval() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync("/n", 8, 8, OpenFlags.Append)).Errno);
        await t.InitAsync().OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync("/n", 8, 8, OpenFlags.NonBlock | OpenFlags.Append)).Errno);
        await t.CreateXbufAsync("/n", 8, 8, OpenFlags.NonBlock).OrThrow();
    });

    [Fact]
    public Task Open_SeveralConditions_TheFirstOfTheTable() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        string tooLong = new('a', 256);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.OpenAsync($"/dev/console/{tooLong}")).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.OpenAsync($"/nowhere/{tooLong}")).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.OpenAsync($"/nowhere/x/{tooLong}/y", OpenFlags.Create)).Errno);
        Assert.Equal(Errno.ENOTDIR, (await t.OpenAsync("/dev/console/x", OpenFlags.ReadWrite | OpenFlags.Create)).Errno);
        Assert.Equal(Errno.EISDIR, (await t.OpenAsync("/dev", OpenFlags.ReadOnly | OpenFlags.Truncate)).Errno);
        Assert.Equal(3, await t.OpenAsync("/dev", OpenFlags.ReadOnly).OrThrow());
    });

    private static int Hooks(Scenario s) =>
        s.Of(MachineEventKind.HookInstall, MachineEventKind.HookReplace, MachineEventKind.HookUninstall).Count();

    private static async Task<UserThread> Fork(Scenario s, UserThread t, CloneFlags flags = CloneFlags.None)
    {
        int pid = await t.ForkAsync(flags).OrThrow();
        return s.Machine.GetProcess(pid)!.MainThread!; // it was forked just now
    }
}
