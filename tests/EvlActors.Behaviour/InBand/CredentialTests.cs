using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Credentials, capabilities, limits, groups and sessions.</summary>
public abstract class CredentialTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Rule", "p-4")]
    public Task Seteuid_RootAndBack_CapabilitiesFollow() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        Assert.Equal(SysResult.Ok(), await t.SeteuidAsync(1000));
        Assert.Equal((0, 1000), (await t.GetuidAsync().OrThrow(), await t.GeteuidAsync().OrThrow()));
        Assert.Equal((Capabilities.None, Capabilities.All), (app.Credentials.Effective, app.Credentials.Permitted));
        Assert.Equal(Errno.EPERM, (await t.SeteuidAsync(1001)).Errno);
        Assert.Equal(SysResult.Ok(), await t.SeteuidAsync(0));
        Assert.Equal(Capabilities.All, app.Credentials.Effective);
        Assert.Equal(SysResult.Ok(), await t.SetuidAsync(1000));
        Assert.Equal((Capabilities.None, Capabilities.None), (app.Credentials.Effective, app.Credentials.Permitted));
        Assert.Equal(Errno.EPERM, (await t.SeteuidAsync(0)).Errno);
        Assert.Equal(Errno.EPERM, (await t.SetuidAsync(0)).Errno);
        Assert.Equal(SysResult.Ok(), await t.SetuidAsync(1000));
        Assert.Equal(Errno.EINVAL, (await t.SeteuidAsync(-1)).Errno);
    });

    [Fact, Trait("Rule", "p-4")]
    public Task Setgid_OrdinaryUser_OwnOrSavedOnly() => Play(async s =>
    {
        UserThread t = As(s, Credentials.User(5, 50) with { Sgid = 51 });
        Assert.Equal(Errno.EPERM, (await t.SetgidAsync(52)).Errno);
        Assert.Equal(SysResult.Ok(), await t.SetegidAsync(51));
        Assert.Equal((50, 51), (await t.GetgidAsync().OrThrow(), await t.GetegidAsync().OrThrow()));
        Assert.Equal(SysResult.Ok(), await t.SetgidAsync(50));
        Assert.Equal(Errno.EPERM, (await t.SetgroupsAsync(1, 2)).Errno);
        Assert.Equal(SysResult.Ok(), await As(s, Credentials.Root).SetgroupsAsync(1, 2));
    });

    [Fact, Trait("Rule", "p-4")]
    public Task CapgetCapset_EachCondition_ItsErrno() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        EvlProcess other = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(9, 9) });
        UserThread t = app.CreateThread();
        byte[] data = new byte[24];
        Assert.Equal(SysResult.Ok(), await t.CapgetAsync(data));
        Assert.Equal(new CapabilitySet(Capabilities.All, Capabilities.All), CapabilitySet.ReadFrom(data));
        Assert.Equal(SysResult.Ok(), await t.CapgetAsync(data, other.Pid));
        Assert.Equal(default, CapabilitySet.ReadFrom(data));
        Assert.Equal(Errno.EINVAL, (await t.CapgetAsync(data, 0, version: 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CapgetAsync(data, -1)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.CapgetAsync(data, 99)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.CapgetAsync(UserBuffer.Bad())).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CapsetAsync(data, 0, version: 1)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.CapsetAsync(UserBuffer.Bad())).Errno);
        Assert.Equal(Errno.EPERM, (await t.CapsetAsync(data, other.Pid)).Errno);
        Assert.Equal(Errno.ESRCH, (await t.CapsetAsync(data, 99)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CapsetAsync((Capabilities)(1ul << 60), (Capabilities)(1ul << 60))).Errno);
        Assert.Equal(SysResult.Ok(), await t.CapsetAsync(Capabilities.Kill, Capabilities.Kill | Capabilities.SysNice));
        Assert.Equal(Errno.EPERM, (await t.CapsetAsync(Capabilities.None, Capabilities.Kill | Capabilities.SysAdmin)).Errno);
        Assert.Equal(Errno.EPERM, (await t.CapsetAsync(Capabilities.SysNice, Capabilities.Kill)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CapsetAsync(Capabilities.SysNice, Capabilities.SysNice));
        Assert.Equal(Capabilities.SysNice, app.Credentials.Effective);
    });

    [Fact, Trait("Rule", "p-4")]
    public Task Capset_DropsSysNice_OobCallsRefusedAtOnce() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        Assert.Equal(4, await t.OobWriteAsync(fd, new byte[4]).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.CapsetAsync(Capabilities.None, Capabilities.All));
        Assert.Equal(Errno.EPERM, (await t.OobWriteAsync(fd, new byte[4])).Errno);
    });

    [Fact, Trait("Rule", "p-4")]
    public Task IdsChanged_AttachedOrdinaryUser_KeepsWhatAttachingRaised() => Play(async s =>
    {
        const Capabilities Raised = Capabilities.SysNice | Capabilities.IpcLock | Capabilities.SysRawIo;
        var who = Credentials.User(5, 50) with { Suid = 6, Sgid = 51, Effective = Capabilities.SetGid, Permitted = Capabilities.SetGid };
        UserThread t = await s.OobThread(s.Machine.CreateProcess(new EvlProcessOptions { Credentials = who }));
        foreach (Func<ValueTask<SysResult>> change in (Func<ValueTask<SysResult>>[])
            [() => t.SetegidAsync(51), () => t.SetgidAsync(50), () => t.SetgroupsAsync(1, 2), () => t.SeteuidAsync(6), () => t.SetuidAsync(5)])
        {
            Assert.Equal(SysResult.Ok(), await change());
            Assert.Equal(Errno.EBADF, (await t.OobReadAsync(-1, new byte[1])).Errno);
            Assert.Equal(Raised | Capabilities.SetGid, await Effective(t));
        }
        Assert.Equal(Capabilities.SetGid, t.Process.Credentials.Effective);

        // The same sets as before, but said: what is not among them is not in force.
        Assert.Equal(SysResult.Ok(), await t.CapsetAsync(Capabilities.SetGid, Capabilities.SetGid));

        Assert.Equal(Errno.EPERM, (await t.OobReadAsync(-1, new byte[1])).Errno);
        Assert.Equal(Capabilities.SetGid, await Effective(t));
        Assert.Equal(SysResult.Ok(), await t.SetegidAsync(51));
        Assert.Equal(Capabilities.SetGid, await Effective(t));
        await t.DetachAsync().OrThrow();
        await t.AttachAsync().OrThrow();
        Assert.Equal(Raised | Capabilities.SetGid, await Effective(t));
    });

    [Theory, Trait("Rule", "p-4")]
    [InlineData(true)]
    [InlineData(false)]
    public Task RootGivenUp_AttachedThread_LosesWhatAttachingRaised(bool forGood) => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        Assert.Equal(SysResult.Ok(), forGood ? await t.SetuidAsync(1000) : await t.SeteuidAsync(1000));
        Assert.Equal(Errno.EPERM, (await t.OobReadAsync(-1, new byte[1])).Errno);
        Assert.Equal(Capabilities.None, await Effective(t));
    });

    private static async Task<Capabilities> Effective(UserThread t)
    {
        byte[] data = new byte[CapabilitySet.BytesOf(CapabilitySet.Version3)];
        await t.CapgetAsync(data).OrThrow();
        return CapabilitySet.ReadFrom(data).Effective;
    }

    [Fact, Trait("Rule", "p-5")]
    public Task Setrlimit_EachCondition_ItsErrno() => Play(async s =>
    {
        UserThread root = As(s, Credentials.Root);
        UserThread user = As(s, Credentials.User(5, 5));
        byte[] data = new byte[ResourceLimit.Bytes];
        Assert.Equal(SysResult.Ok(), await user.GetrlimitAsync(Resource.MaxFiles, data));
        Assert.Equal(new ResourceLimit(1024, 4096), ResourceLimit.ReadFrom(data));
        Assert.Equal(Errno.EINVAL, (await user.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(11, 10))).Errno);
        Assert.Equal(Errno.EPERM, (await user.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(10, 4097))).Errno);
        Assert.Equal(SysResult.Ok(), await user.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(4096, 4096)));
        Assert.Equal(SysResult.Ok(), await user.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(10, 20)));
        Assert.Equal(Errno.EPERM, (await user.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(10, 21))).Errno);
        Assert.Equal(SysResult.Ok(), await root.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(10, 5000)));
        Assert.Equal(Errno.EPERM, (await root.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(10, 1_048_577))).Errno);
        Assert.Equal(Errno.EINVAL, (await root.GetrlimitAsync((Resource)16, data)).Errno);
        Assert.Equal(Errno.EINVAL, (await root.SetrlimitAsync((Resource)(-1), new ResourceLimit(1, 1))).Errno);
        Assert.Equal(Errno.EFAULT, (await root.GetrlimitAsync(Resource.MaxFiles, UserBuffer.Bad())).Errno);
        Assert.Equal(Errno.EFAULT, (await root.SetrlimitAsync(Resource.MaxFiles, UserBuffer.Bad())).Errno);
        Assert.Equal(SysResult.Ok(), await root.SetrlimitAsync(Resource.PendingSignals, new ResourceLimit(5, 6)));
        Assert.Equal(SysResult.Ok(), await root.GetrlimitAsync(Resource.PendingSignals, data));
        Assert.Equal(new ResourceLimit(5, 6), ResourceLimit.ReadFrom(data));
    });

    [Fact, Trait("Case", "C082"), Trait("Rule", "C-1")]
    public Task Setrlimit_BelowOpenFds_TheyWorkButNoneIsMade() => Play(async s =>
    {
        UserThread t = As(s, Credentials.Root);
        Assert.Equal(20, await t.Dup2Async(0, 20).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(3, 4096)));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(20, new byte[1]));
        Assert.Equal(Errno.EMFILE, (await t.DupAsync(20)).Errno);
        Assert.Equal(Errno.EBADF, (await t.Dup2Async(0, 3)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(1));
        Assert.Equal(1, await t.DupAsync(20).OrThrow());
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(20));
    });

    [Fact, Trait("Rule", "p-7")]
    public Task GroupsAndSessions_LeaderMemberAndOthers() => Play(async s =>
    {
        UserThread leader = As(s, Credentials.Root);
        int pid = leader.Process.Pid;
        Assert.Equal(pid, await leader.GetpidAsync().OrThrow());
        Assert.Equal((pid, pid), (await leader.GetpgidAsync().OrThrow(), await leader.GetsidAsync().OrThrow()));
        Assert.Equal(Errno.EPERM, (await leader.SetsidAsync()).Errno);
        UserThread child = await Fork(s, leader);
        int childPid = child.Process.Pid;
        Assert.Equal((pid, pid, pid),
            (await child.GetpgidAsync().OrThrow(), await child.GetsidAsync().OrThrow(), await child.GetppidAsync().OrThrow()));
        Assert.Equal(SysResult.Ok(), await leader.SetpgidAsync(childPid, 0));
        Assert.Equal(childPid, await leader.GetpgidAsync(childPid).OrThrow());
        Assert.Equal(Errno.EPERM, (await child.SetsidAsync()).Errno);
        Assert.Equal(SysResult.Ok(), await child.SetpgidAsync(0, pid));
        Assert.Equal(Errno.EPERM, (await child.SetpgidAsync(0, 77)).Errno);
        Assert.Equal(Errno.EINVAL, (await child.SetpgidAsync(0, -1)).Errno);
        Assert.Equal(Errno.ESRCH, (await child.SetpgidAsync(pid, 0)).Errno);
        Assert.Equal(Errno.ESRCH, (await child.GetpgidAsync(99)).Errno);
        Assert.Equal(Errno.ESRCH, (await child.GetsidAsync(99)).Errno);
        await child.ExecAsync().OrThrow();
        Assert.Equal(Errno.EACCES, (await leader.SetpgidAsync(childPid, 0)).Errno);
        Assert.Equal(childPid, await child.SetsidAsync().OrThrow());
        Assert.Equal(Errno.EPERM, (await leader.SetpgidAsync(childPid, 0)).Errno);
        Assert.Equal(Errno.EPERM, (await child.SetpgidAsync(0, 0)).Errno);
    });

    private static UserThread As(Scenario s, Credentials who) =>
        s.Machine.CreateProcess(new EvlProcessOptions { Credentials = who }).CreateThread();

    private static async Task<UserThread> Fork(Scenario s, UserThread t) =>
        s.Machine.GetProcess(await t.ForkAsync().OrThrow())!.MainThread!;
}
