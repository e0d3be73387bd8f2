using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Cross-buffers that are polled, from both stages.</summary>
public abstract class XbufPollTests(EngineUnderTest engine) : MachineTests(engine)
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

    [Fact, Trait("Rule", "E-10"), Trait("Rule", "E-12")]
    public Task InBandPoll_Asleep_WokenByKernelWriteAndByOobRead() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 8, 8);
        s.Machine.AddDevice("/dev/transfer", () => new TransferDevice());
        UserThread poller = t.Process.CreateThread();
        int dev = await t.OpenAsync("/dev/transfer").OrThrow();
        await t.IoctlAsync(dev, TransferDevice.Bind, fd).OrThrow();
        await t.WriteAsync(fd, new byte[8]).OrThrow();
        PollFd[] fds = [new(fd, All)];
        ValueTask<SysResult> polling = poller.PollAsync(fds, -1);
        await s.UntilAsleep(poller);
        await t.IoctlAsync(dev, TransferDevice.TryWrite, 3).OrThrow();
        Assert.Equal(1, await polling);
        Assert.Equal(In, fds[0].Revents);
        UserThread second = t.Process.CreateThread();
        fds[0] = new PollFd(fd, PollEvents.Out);
        polling = second.PollAsync(fds, -1);
        await s.UntilAsleep(second);
        await oob.OobReadAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await polling);
        Assert.Equal(PollEvents.Out, fds[0].Revents);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-10")]
    public Task OobPoll_KernelReadAndShortRead_TransitionsAreToldOnce() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 4, 4);
        UserThread reader = t.Process.CreateThread();
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, All).OrThrow();
        await oob.OobWriteAsync(fd, new byte[4]).OrThrow();
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(oob);
        // A fault consumes all the same.
        Assert.Equal(Errno.EFAULT, (await reader.ReadAsync(fd, UserBuffer.Bad(2))).Errno);
        Assert.Equal(1, await polling);
        Assert.Equal(Out, found[0].Events);
        await oob.OobWriteAsync(fd, new byte[2]).OrThrow();
        UserThread second = await s.OobThread(t.Process);
        polling = second.EvlPollAsync(set, found);
        await s.UntilAsleep(second);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, UserBuffer.Bad(3))).Errno);
        Assert.Equal(1, await polling);
        Assert.Equal(In, found[0].Events);
    });

    [Fact, Trait("Rule", "E-10"), Trait("Rule", "E-9")]
    public Task Poll_OtherFileOfTheXbufIsReleased_NoHupAndPollersSleepOn() => Play(async s =>
    {
        (UserThread t, UserThread oob, int _) = await Xbuf(s, 4, 4);
        int fd = await t.CreateXbufAsync("/two", 4, 4).OrThrow();
        int other = await t.OpenAsync("/dev/evl/xbuf/two").OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        UserThread poller = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In)];
        var found = new EvlPollEvent[1];
        ValueTask<SysResult> polling = poller.PollAsync(fds, -1);
        ValueTask<SysResult> oobPolling = oob.EvlPollAsync(set, found);
        await s.UntilAsleep(poller);
        await s.UntilAsleep(oob);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(other));
        Assert.Equal(Out, await Now(t, fd));
        Assert.False(polling.IsCompleted);
        Assert.False(oobPolling.IsCompleted);
        UserThread writer = await s.OobThread(t.Process);
        await writer.OobWriteAsync(fd, new byte[1]).OrThrow();
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await polling);
        Assert.Equal(1, await oobPolling);
        Assert.Equal(PollEvents.In, found[0].Events);
    });

    [Fact, Trait("Rule", "E-10"), Trait("Rule", "E-7")]
    public Task Poll_WhileACopyStalls_ShowsWhatIsCommitted() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Xbuf(s, 4, 4);
        UserThread slow = t.Process.CreateThread();
        var page = new TaskCompletionSource();
        ValueTask<SysResult> writing = slow.WriteAsync(fd, UserBuffer.StallingUntil(new byte[4], page.Task));
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == slow.Tid && e.Nr == SyscallNumber.Write);
        // Nothing is committed: it looks as empty as before.
        Assert.Equal(Out, await Now(t, fd));
        page.SetResult();
        Assert.Equal(4, await writing);
        Assert.Equal(PollEvents.None, await Now(t, fd));
        await oob.OobReadAsync(fd, new byte[4]).OrThrow();
        Assert.Equal(Out, await Now(t, fd));
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
