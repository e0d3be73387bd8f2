using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The latch of flags, and how their waits end.</summary>
public abstract class FlagTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Rule", "G-5")]
    public Task Flag_RaisedClearedRead_PeekDoesNotConsume() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var flag = new EvlFlag();
        var seen = new List<bool>();
        device.InBand[1] = _ =>
        {
            flag.Raise();
            seen.AddRange([flag.IsRaised, flag.IsRaised, flag.Read(), flag.Read()]);
            flag.Raise();
            flag.Clear();
            seen.Add(flag.IsRaised);
            return SysResult.Ok();
        };
        device.OutOfBand[2] = call => flag.Wait(call, EvlTimeout.NonBlock);
        await t.IoctlAsync(fd, 1).OrThrow();
        Assert.Equal([true, true, true, false, false], seen);
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(fd, 2)).Errno);
    });

    [Theory, Trait("Rule", "G-5")]
    [InlineData(Errno.EIDRM)]
    [InlineData(Errno.EAGAIN)]
    public Task Flush_Waiters_GetTheReason_NothingIsLatched(Errno reason) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var flag = new EvlFlag();
        device.OutOfBand[1] = call => flag.Wait(call);
        device.InBand[2] = _ =>
        {
            flag.Flush(reason);
            return SysResult.Ok(flag.IsRaised ? 1 : 0);
        };
        ValueTask<SysResult> waiting = oob.OobIoctlAsync(fd, 1);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
        Assert.Equal(reason, (await waiting).Errno);
    });

    [Fact, Trait("Rule", "G-5")]
    public Task Wait_DatePassed_Etimedout() => Play(async s =>
    {
        (_, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var flag = new EvlFlag();
        device.OutOfBand[1] = call => flag.Wait(call, EvlTimeout.After(1_000_000));
        Assert.Equal(Errno.ETIMEDOUT, (await oob.OobIoctlAsync(fd, 1)).Errno);
    });
}
