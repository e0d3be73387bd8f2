using Xunit;

namespace EvlActors.Behaviour;

/// <summary>select(2).</summary>
public abstract class SelectTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const PollEvents In = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Out = PollEvents.Out | PollEvents.WrNorm;

    [Fact, Trait("Case", "C160")]
    public Task Select_BadArguments_ErrnoAndSetsZeroedAtTimeout() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        var none = new Timeval(0, 0);
        Assert.Equal(Errno.EINVAL, (await t.SelectAsync(-1, null, null, null, none)).Errno);
        Assert.Equal(Errno.EBADF, (await t.SelectAsync(100, new FdSet(99), null, null, none)).Errno);
        Assert.Equal(SysResult.Ok(), await t.SelectAsync(99, new FdSet(99), null, null, none));
        Assert.Equal(Errno.EINVAL, (await t.SelectAsync(0, null, null, null, new Timeval(-1, 0))).Errno);
        Assert.Equal(Errno.EFAULT, (await t.SelectAsync(1, FdSet.Bad, null, null, none)).Errno);
        var read = new FdSet(fd);
        var except = new FdSet(fd);
        var timeout = new Timeval(0, 20_000);
        Assert.Equal(SysResult.Ok(), await t.SelectAsync(fd + 1, read, null, except, timeout));
        Assert.False(read.IsSet(fd));
        Assert.False(except.IsSet(fd));
        Assert.Equal((0, 0), (timeout.Seconds, timeout.Microseconds));
    });

    [Fact, Trait("Case", "C161")]
    public Task Select_FdInTwoSets_CountsTwice() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)(In | Out)).OrThrow();
        var (read, write, except) = (new FdSet(fd), new FdSet(fd), new FdSet(fd));
        Assert.Equal(2, (await t.SelectAsync(fd + 1, read, write, except, null)).OrThrow());
        Assert.True(read.IsSet(fd));
        Assert.True(write.IsSet(fd));
        Assert.False(except.IsSet(fd));
    });

    [Theory, Trait("Case", "C162")]
    [InlineData(PollEvents.Hup, true, false, false)]
    [InlineData(PollEvents.Err, true, true, false)]
    [InlineData(PollEvents.Pri, false, false, true)]
    [InlineData(PollEvents.RdBand, true, false, false)]
    [InlineData(PollEvents.WrBand, false, true, false)]
    public Task Select_EachEvent_InItsSets(PollEvents events, bool readable, bool writable, bool exceptional) => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        await t.IoctlAsync(fd, ReadyDevice.Set, (long)events).OrThrow();
        var (read, write, except) = (new FdSet(fd), new FdSet(fd), new FdSet(fd));
        await t.SelectAsync(fd + 1, read, write, except, new Timeval(0, 0)).OrThrow();
        Assert.Equal((readable, writable, exceptional), (read.IsSet(fd), write.IsSet(fd), except.IsSet(fd)));
    });

    [Fact]
    public Task Select_WokenBeforeTimeout_RemainingTimeWrittenBack() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        UserThread waker = t.Process.CreateThread();
        var timeout = new Timeval(50, 0);
        ValueTask<SysResult> selecting = t.SelectAsync(fd + 1, new FdSet(fd), null, null, timeout);
        await s.UntilAsleep(t);
        await waker.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await selecting).OrThrow());
        Assert.InRange(timeout.Seconds, 1, 50);
    });

    [Fact, Trait("Case", "C157c")]
    public Task Select_FdClosedMeanwhile_InEverySetAtTheTimeout() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        UserThread closer = t.Process.CreateThread();
        FdSet read = null!; // set by the call, as is the other
        FdSet except = null!;
        (Task<SysResult> selecting, _) = await s.Asleep(t, 40, ms =>
        {
            (read, except) = (new FdSet(fd), new FdSet(fd));
            return t.SelectAsync(fd + 1, read, null, except, new Timeval(0, ms * 1000));
        });
        await closer.CloseAsync(fd).OrThrow();
        Assert.Equal(2, (await selecting).OrThrow());
        Assert.True(read.IsSet(fd) && except.IsSet(fd));
    });

    [Fact]
    public Task Select_Unblocked_Eintr() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        ValueTask<SysResult> selecting = t.SelectAsync(fd + 1, new FdSet(fd), null, null, null);
        await s.UntilAsleep(t);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await selecting).Errno);
    });

    [Theory, Trait("Rule", "F-3")]
    [InlineData(long.MaxValue, 0)]
    [InlineData(10_000_000_000, 0)]
    [InlineData(0, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public Task Select_TimeoutBeyondAllDates_SleepsUntilReady(long seconds, long microseconds) => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        UserThread other = t.Process.CreateThread();
        ValueTask<SysResult> selecting = t.SelectAsync(fd + 1, new FdSet(fd), null, null, new Timeval(seconds, microseconds));
        await s.UntilAsleep(t);
        await other.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)In).OrThrow();
        Assert.Equal(1, (await selecting).Value);
    });

    [Fact, Trait("Rule", "F-3")]
    public Task Select_OneFileInThreeSets_EachWokenAndCounted() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        UserThread other = t.Process.CreateThread();
        var (read, write, except) = (new FdSet(fd), new FdSet(fd), new FdSet(fd));
        ValueTask<SysResult> selecting = t.SelectAsync(fd + 1, read, write, except, null);
        await s.UntilAsleep(t);
        await other.IoctlAsync(fd, ReadyDevice.SetAndWake, (long)(In | Out | PollEvents.Pri)).OrThrow();
        Assert.Equal(3, (await selecting).Value);
        Assert.True(read.IsSet(fd) && write.IsSet(fd) && except.IsSet(fd));
    });

    [Fact, Trait("Case", "C082")]
    public Task FdAboveLoweredLimit_ReadPollAndSelect_Work() => Play(async s =>
    {
        (UserThread t, int fd) = await Ready(s);
        await t.Dup2Async(fd, 20).OrThrow();
        await t.IoctlAsync(20, ReadyDevice.Set, (long)In).OrThrow();
        await t.SetrlimitAsync(Resource.MaxFiles, new ResourceLimit(4, 4)).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(20, new byte[1])).Errno);
        PollFd[] fds = [new(20, PollEvents.In)];
        Assert.Equal(1, (await t.PollAsync(fds, -1)).OrThrow());
        Assert.Equal(PollEvents.In, fds[0].Revents);
        Assert.Equal(1, (await t.SelectAsync(21, new FdSet(20), null, null, null)).OrThrow());
        Assert.Equal(Errno.EMFILE, (await t.DupAsync(20)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PollAsync(new PollFd[5], 0)).Errno);
    });

    private static async Task<(UserThread Thread, int Fd)> Ready(Scenario s)
    {
        s.Machine.AddDevice("/dev/ready", () => new ReadyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync("/dev/ready").OrThrow());
    }
}
