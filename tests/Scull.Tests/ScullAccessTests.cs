using EvlActors;
using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>Who may have scullsingle, sculluid, scullwuid and scullpriv open.</summary>
public abstract class ScullAccessTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C260")]
    public Task Single_SecondOpen_EbusyUntilTheLastDescriptorIsClosed() => Play(async s =>
    {
        UserThread t = UserOf(s, 1);
        int fd = await t.OpenAsync(ScullModule.Single).OrThrow();
        Assert.Equal(Errno.EBUSY, (await t.OpenAsync(ScullModule.Single)).Errno);
        Assert.Equal(Errno.EBUSY, (await Another(s, 0).OpenAsync(ScullModule.Single)).Errno);
        int dup = await t.DupAsync(fd).OrThrow();
        int pid = await t.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!; // it was forked with one
        Assert.Equal(2, (await child.WriteAsync(fd, new byte[2])).Value);
        await child.ExitAsync();
        await t.CloseAsync(fd).OrThrow();
        Assert.Equal(Errno.EBUSY, (await t.OpenAsync(ScullModule.Single)).Errno);
        Assert.Equal(3, (await t.WriteAsync(dup, new byte[3])).Value);
        await t.CloseAsync(dup).OrThrow();
        Assert.Equal(fd, await t.OpenAsync(ScullModule.Single).OrThrow());
    });

    [Fact]
    public Task Single_BusyWriteOnlyOpen_TruncatesNothing() => Play(async s =>
    {
        UserThread t = UserOf(s, 1);
        int fd = await t.OpenAsync(ScullModule.Single).OrThrow();
        await t.WriteAsync(fd, new byte[9]).OrThrow();
        Assert.Equal(Errno.EBUSY, (await t.OpenAsync(ScullModule.Single, OpenFlags.WriteOnly)).Errno);
        Assert.Equal(9, (await t.LseekAsync(fd, 0, Whence.End)).Value);
    });

    [Fact]
    public Task Single_SeveralAtOnce_ExactlyOneGetsIt() => Play(async s =>
    {
        UserThread[] threads = [UserOf(s, 1), Another(s, 1), Another(s, 2)];
        SysResult[] opened = await Task.WhenAll(threads.Select(t => t.OpenAsync(ScullModule.Single).AsTask()));
        Assert.Single(opened, result => result.IsSuccess);
        Assert.Equal(2, opened.Count(result => result.Errno == Errno.EBUSY));
    });

    [Fact, Trait("Case", "C262")]
    public Task Uid_OtherUser_EbusyUnlessEuidOrCapability() => Play(async s =>
    {
        UserThread owner = UserOf(s, 1);
        int fd = await owner.OpenAsync(ScullModule.Uid).OrThrow();
        Assert.Equal(Errno.EBUSY, (await Another(s, 2).OpenAsync(ScullModule.Uid)).Errno);
        UserThread setuid = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(2, 2) with { Euid = 1 } }).CreateThread();
        int theirs = await setuid.OpenAsync(ScullModule.Uid).OrThrow();
        UserThread able = s.Machine.CreateProcess(
            new EvlProcessOptions { Credentials = Credentials.User(3, 3) with { Effective = Capabilities.DacOverride } }).CreateThread();
        int last = await able.OpenAsync(ScullModule.Uid).OrThrow();
        await owner.CloseAsync(fd).OrThrow();
        await setuid.CloseAsync(theirs).OrThrow();
        // The owner is still uid 1, though only another's file is left.
        Assert.Equal(Errno.EBUSY, (await Another(s, 3).OpenAsync(ScullModule.Uid)).Errno);
        Assert.Equal(3, await Another(s, 1).OpenAsync(ScullModule.Uid).OrThrow());
        await able.CloseAsync(last).OrThrow();
    });

    [Fact, Trait("Case", "C263")]
    public Task Uid_OwnerClosed_NextUserOwnsIt() => Play(async s =>
    {
        UserThread first = UserOf(s, 1);
        UserThread second = Another(s, 2);
        int fd = await first.OpenAsync(ScullModule.Uid).OrThrow();
        await first.CloseAsync(fd).OrThrow();
        await second.OpenAsync(ScullModule.Uid).OrThrow();
        Assert.Equal(Errno.EBUSY, (await first.OpenAsync(ScullModule.Uid)).Errno);
        await second.OpenAsync(ScullModule.Uid).OrThrow();
    });

    [Fact]
    public Task Uid_Forked_DescriptorWorksForTheChildOfAnotherUser() => Play(async s =>
    {
        UserOf(s, 1);
        UserThread root = Another(s, 0);
        int fd = await root.OpenAsync(ScullModule.Uid).OrThrow();
        UserThread child = s.Machine.GetProcess(await root.ForkAsync().OrThrow())!.MainThread!; // it was forked with one
        await child.SetuidAsync(7).OrThrow();
        Assert.Equal(4, (await child.WriteAsync(fd, new byte[4])).Value);
        Assert.Equal(Errno.EBUSY, (await child.OpenAsync(ScullModule.Uid)).Errno);
        await root.CloseAsync(fd).OrThrow();
        Assert.Equal(Errno.EBUSY, (await Another(s, 8).OpenAsync(ScullModule.Uid)).Errno);
        await child.CloseAsync(fd).OrThrow();
        await Another(s, 8).OpenAsync(ScullModule.Uid).OrThrow();
    });

    [Fact]
    public Task Wuid_OthersAsleep_OneUsersOpensAreLetInTogether() => Play(async s =>
    {
        UserThread owner = UserOf(s, 1);
        int fd = await owner.OpenAsync(ScullModule.Wuid).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await Another(s, 2).OpenAsync(ScullModule.Wuid, OpenFlags.NonBlock)).Errno);
        UserThread[] twos = [Another(s, 2), Another(s, 2)];
        UserThread[] threes = [Another(s, 3), Another(s, 3)];
        Task<SysResult>[] two = [.. twos.Select(t => t.OpenAsync(ScullModule.Wuid).AsTask())];
        Task<SysResult>[] three = [.. threes.Select(t => t.OpenAsync(ScullModule.Wuid).AsTask())];
        foreach (UserThread t in twos.Concat(threes))
            await s.UntilAsleep(t);
        await owner.CloseAsync(fd).OrThrow();
        await Task.WhenAny(Task.WhenAll(two), Task.WhenAll(three));
        bool areTwosFirst = two.All(open => open.IsCompleted);
        (UserThread[] In, Task<SysResult>[] InOpens, Task<SysResult>[] OutOpens) = areTwosFirst ? (twos, two, three) : (threes, three, two);
        Assert.All(OutOpens, open => Assert.False(open.IsCompleted));
        for (int i = 0; i < 2; i++)
            await In[i].CloseAsync((await InOpens[i]).OrThrow()).OrThrow();
        Assert.All(await Task.WhenAll(OutOpens), open => Assert.True(open.IsSuccess));
    });

    [Fact, Trait("Case", "C266")]
    public Task Priv_ByTerminal_ItsOwnDataThatStay() => Play(async s =>
    {
        Assert.Equal(Errno.EINVAL, (await UserOf(s, 1).OpenAsync(ScullModule.Priv)).Errno);
        UserThread a = On(s, 1);
        UserThread b = On(s, 1);
        UserThread c = On(s, 2);
        int first = await a.OpenAsync(ScullModule.Priv).OrThrow();
        await a.WriteAsync(first, new byte[] { 1, 2, 3 }).OrThrow();
        byte[] read = new byte[8];
        int shared = await b.OpenAsync(ScullModule.Priv).OrThrow();
        Assert.Equal(3, (await b.ReadAsync(shared, read)).Value);
        int separate = await c.OpenAsync(ScullModule.Priv).OrThrow();
        Assert.Equal(0, (await c.ReadAsync(separate, read)).Value);
        await a.CloseAsync(first).OrThrow();
        await b.CloseAsync(shared).OrThrow();
        await c.CloseAsync(separate).OrThrow();
        Assert.Equal(3, (await b.ReadAsync(await b.OpenAsync(ScullModule.Priv).OrThrow(), read)).Value);
        Assert.Equal([1, 2, 3], read[..3]);
    });

    [Fact, Trait("Case", "C267")]
    public Task Priv_TwoOpensAtOnceWithANewKey_OneDevice() => Play(async s =>
    {
        UserOf(s, 1);
        UserThread[] threads = [On(s, 9), On(s, 9)];
        SysResult[] fds = await Task.WhenAll(threads.Select(t => t.OpenAsync(ScullModule.Priv).AsTask()));
        Assert.Equal(5, (await threads[0].WriteAsync(fds[0].OrThrow(), new byte[5])).Value);
        Assert.Equal(5, (await threads[1].ReadAsync(fds[1].OrThrow(), new byte[9])).Value);
    });

    private static UserThread UserOf(Scenario s, int uid)
    {
        _ = new ScullModule(s.Machine);
        return Another(s, uid);
    }

    private static UserThread Another(Scenario s, int uid) => s.Machine.CreateProcess(
        new EvlProcessOptions { Credentials = uid == 0 ? Credentials.Root with { Effective = Capabilities.SetUid } : Credentials.User(uid, uid) }).CreateThread();

    private static UserThread On(Scenario s, int terminal) =>
        s.Machine.CreateProcess(new EvlProcessOptions { ControllingTerminal = terminal }).CreateThread();
}
