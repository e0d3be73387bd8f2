using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>EVL elements: names, nodes, minors, and how long they live.</summary>
public abstract class ElementTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C105")]
    public Task Create_NameTaken_EexistAndTheFirstIsIntact() => Play(async s =>
    {
        UserThread t = await Initialised(s);
        UserThread oob = await s.OobThread(t.Process);
        int first = await t.CreateXbufAsync("s", 8, 8).OrThrow();
        Assert.Equal(Errno.EEXIST, (await t.CreateXbufAsync("s", 8, 8)).Errno);
        Assert.Equal(Errno.EEXIST, (await t.CreateXbufAsync("/s", 8, 8)).Errno);
        Assert.Equal(4, await oob.OobWriteAsync(first, new byte[4]).OrThrow());
        Assert.Equal(4, await t.ReadAsync(first, new byte[4]).OrThrow());
    });

    [Fact, Trait("Case", "C106")]
    public Task Create_PublicPrivateAnonymous_OnlyThePublicHasANode() => Play(async s =>
    {
        UserThread t = await Initialised(s);
        UserThread other = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(1, 1) }).CreateThread();
        int fd = await t.CreateXbufAsync("/n", 8, 8).OrThrow();
        await t.CreateXbufAsync("p", 8, 8).OrThrow();
        await t.CreateXbufAsync(null, 8, 8).OrThrow();
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/p")).Errno);
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/xbuf%2")).Errno);
        int theirs = await other.OpenAsync("/dev/evl/xbuf/n").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(4, await other.WriteAsync(theirs, new byte[4]).OrThrow());
        Assert.Equal(SysResult.Ok(), await other.CloseAsync(theirs));
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/xbuf/n")).Errno);
        Assert.Equal(fd, await t.CreateXbufAsync("/n", 8, 8).OrThrow());
    });

    [Fact, Trait("Rule", "A-9")]
    public Task Create_BadNames_ItsErrno() => Play(async s =>
    {
        UserThread t = await Initialised(s);
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync("/a/b", 8, 8)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync("/", 8, 8)).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.CreateXbufAsync(new string('a', 256), 8, 8)).Errno);
        Assert.Equal(3, await t.CreateXbufAsync("a/b", 8, 8).OrThrow());
        // A name that an anonymous one would get.
        Assert.Equal(4, await t.CreateXbufAsync("xbuf%2", 8, 8).OrThrow());
        Assert.Equal(5, await t.CreateXbufAsync(null, 8, 8).OrThrow());
    });

    [Fact, Trait("Rule", "A-2")]
    public Task CreateXbuf_OtherFlags_Einval() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync("/n", 8, 8, OpenFlags.Append)).Errno);
        await t.InitAsync().OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync("/n", 8, 8, OpenFlags.NonBlock | OpenFlags.Append)).Errno);
        await t.CreateXbufAsync("/n", 8, 8, OpenFlags.NonBlock).OrThrow();
    });

    [Fact, Trait("Rule", "A-9")]
    public Task Create_NoMinorLeft_EagainUntilOneIsClosed() => Play(
        async s =>
        {
            UserThread t = await Initialised(s);
            int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
            await t.CreateXbufAsync("b", 8, 8).OrThrow();
            Assert.Equal(Errno.EAGAIN, (await t.CreateXbufAsync("c", 8, 8)).Errno);
            Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
            Assert.Equal(fd, await t.CreateXbufAsync("c", 8, 8).OrThrow());
        },
        new EvlMachineOptions { MaxElements = 2 });

    [Fact, Trait("Rule", "A-9")]
    public Task Create_NoDescriptorLeft_NameIsFreeAgain() => Play(async s =>
    {
        UserThread t = await Initialised(s, new EvlProcessOptions { MaxFiles = 4 });
        int fd = await t.DupAsync(0).OrThrow();
        Assert.Equal(Errno.EMFILE, (await t.CreateXbufAsync("/x", 8, 8)).Errno);
        Assert.Equal(Errno.EMFILE, (await t.AttachAsync("/me")).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(fd, await t.CreateXbufAsync("/x", 8, 8).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(fd, await t.AttachAsync("/me").OrThrow());
    });

    [Fact, Trait("Case", "C023")]
    public Task Attach_NameOfAPrivateThread_Eexist() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        await app.CreateThread().AttachAsync("w").OrThrow();
        UserThread other = app.CreateThread();
        Assert.Equal(Errno.EEXIST, (await other.AttachAsync("/w")).Errno);
        // Another class has names of its own.
        Assert.True((await other.CreateXbufAsync("/w", 8, 8)).IsSuccess);
    });

    [Fact, Trait("Case", "C029")]
    public Task Create_ProcessNotInitialised_Enxio() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync("x", 8, 8)).Errno);
        await t.InitAsync().OrThrow();
        Assert.Equal(3, await t.CreateXbufAsync("x", 8, 8).OrThrow());
    });

    [Fact, Trait("Rule", "A-2")]
    public Task ThreadElement_ItsFilesClosed_LivesUntilTheThreadDetaches() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread thread = app.CreateThread();
        UserThread other = app.CreateThread();
        int fd = await thread.AttachAsync("/t").OrThrow();
        Assert.Equal(SysResult.Ok(), await thread.CloseAsync(fd));
        int theirs = await other.OpenAsync("/dev/evl/thread/t").OrThrow();
        Assert.Equal(SysResult.Ok(), await other.CloseAsync(theirs));
        Assert.Equal(Errno.EEXIST, (await other.AttachAsync("/t")).Errno);
        theirs = await other.OpenAsync("/dev/evl/thread/t").OrThrow();
        Assert.Equal(SysResult.Ok(), await thread.DetachAsync());
        // The name is free at once, though a file of the first is open still.
        Assert.Equal(Errno.ENOENT, (await other.OpenAsync("/dev/evl/thread/t")).Errno);
        await thread.AttachAsync("/t").OrThrow();
        Assert.Equal(SysResult.Ok(), await other.CloseAsync(theirs));
        Assert.True((await other.OpenAsync("/dev/evl/thread/t")).IsSuccess);
    });

    [Fact, Trait("Rule", "A-9")]
    public Task Open_RacingWithTheLastClose_OpensOrIsStaleOrGone() => Play(async s =>
    {
        UserThread t = await Initialised(s);
        UserThread other = s.Machine.CreateProcess().CreateThread();
        for (int i = 0; i < 5; i++)
        {
            int fd = await t.CreateXbufAsync("/n", 8, 8).OrThrow();
            ValueTask<SysResult> closing = t.CloseAsync(fd);
            SysResult opened = await other.OpenAsync("/dev/evl/xbuf/n");
            Assert.Equal(SysResult.Ok(), await closing);
            if (opened.IsSuccess)
                Assert.Equal(SysResult.Ok(), await other.CloseAsync(opened.OrThrow()));
            else
                Assert.Contains(opened.Errno, new[] { Errno.ESTALE, Errno.ENOENT });
        }
        s.AssertSound(everythingClosed: false);
    });

    private static async Task<UserThread> Initialised(Scenario s, EvlProcessOptions? options = null)
    {
        UserThread t = s.Machine.CreateProcess(options).CreateThread();
        await t.InitAsync().OrThrow();
        return t;
    }
}
