using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Cross-buffers that are polled, from both stages.</summary>
public abstract class XbufPollTests : MachineTests
{
    private const PollEvents In = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Out = PollEvents.Out | PollEvents.WrNorm;
    private const PollEvents All = (PollEvents)0xffff;

    [Fact, Trait("Case", "C137"), Trait("Case", "C139")]
    public Task Poll_InBand_ShowsInboundBytesAndOutboundSpace() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 4, 4);
        Assert.Equal(Out, await Now(t, fd));
        await oob.OobWriteAsync(fd, new byte[1]).OrThrow();
        await t.WriteAsync(fd, new byte[4]).OrThrow();
        Assert.Equal(In, await Now(t, fd));
        await oob.OobReadAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(In | Out, await Now(t, fd));
        // One byte is free: that says nothing about two.
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.WriteAsync(fd, new byte[2])).Errno);
    });

    [Fact, Trait("Case", "C138")]
    public Task Poll_RingOfSizeZero_NeverReadyForIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 1024, 0);
        Assert.Equal(PollEvents.None, await Now(t, fd));
        await oob.OobWriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(In, await Now(t, fd));
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, All).OrThrow();
        var found = new EvlPollEvent[2];
        Assert.Equal(1, (await oob.EvlPollAsync(set, found)).OrThrow());
        Assert.Equal(Out, found[0].Events);
    });

    [Fact, Trait("Case", "C140")]
    public Task OobPoll_EmptyRingThenWrite_WokenOnceAndLevelAtEntry() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 16, 16);
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In, 7).OrThrow();
        var found = new EvlPollEvent[2];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(new EvlPollEvent(fd, PollEvents.In, 7), found[0]);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await oob.EvlPollAsync(set, found)).OrThrow());
        Assert.Single(s.Events, e => e.Kind == MachineEventKind.CallWoken && e.Tid == oob.Tid && e.Nr == SyscallNumber.OobIoctl);
    });

    [Fact]
    public Task OobPoll_FullRingThenRead_WokenForOut() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 4, 4);
        await oob.OobWriteAsync(fd, new byte[4]).OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.Out).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        await t.ReadAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.Out, found[0].Events);
    });

    [Fact, Trait("Case", "C144")]
    public Task OobPoll_MessagesOfEverySize_ReadWholeAndInOrder() => Play(async s =>
    {
        const int largest = 12;
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 16, 16);
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        var found = new EvlPollEvent[1];
        byte[] buffer = new byte[16];
        for (int size = 1; size <= largest; size++)
        {
            ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
            await t.WriteAsync(fd, Enumerable.Repeat((byte)size, size).ToArray()).OrThrow();
            Assert.Equal(1, (await polling).OrThrow());
            Assert.Equal(size, (await oob.OobReadAsync(fd, buffer)).OrThrow());
            Assert.All(buffer[..size], b => Assert.Equal(size, b));
        }
    });

    private static async Task<PollEvents> Now(UserThread t, int fd)
    {
        PollFd[] fds = [new(fd, All)];
        await t.PollAsync(fds, 0).OrThrow();
        return fds[0].Revents;
    }

    private static async Task<(UserThread, UserThread, int)> Xbuf(Scenario s, int inbound, int outbound)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        return (t, oob, await t.CreateXbufAsync(null, inbound, outbound).OrThrow());
    }
}
