using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Close, replace and arriving data against those who poll, in every order: no wake-up is lost, nobody sleeps on.</summary>
public abstract class PollRaceTests(EngineUnderTest engine) : MachineTests(engine)
{
    // Never reached, also where time is real: as long as a test may take.
    private const long TimeoutNs = 20_000_000_000;

    [Fact]
    public Task Poll_DataAndClose_WokenByTheData() => Play(async s =>
    {
        Bench b = await Set(s);
        PollFd[] fds = [new(b.Fd, PollEvents.In)];
        Task<SysResult> polling = b.Poller.PollAsync(fds, -1).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.Fd).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Dup, new byte[1]).AsTask();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.True(fds[0].Revents is PollEvents.In or PollEvents.Nval);
        await End(s, b, closing, writing);
    });

    [Fact]
    public Task Poll_DataAndReplace_WokenByOneOfTheFiles() => Play(async s =>
    {
        Bench b = await Set(s);
        await b.Writer.OobWriteAsync(b.Other, new byte[1]).OrThrow();
        PollFd[] fds = [new(b.Fd, PollEvents.In), new(b.Dup, PollEvents.Pri)];
        Task<SysResult> polling = b.Poller.PollAsync(fds, -1).AsTask();
        Task<SysResult> replacing = b.Closer.Dup2Async(b.Other, b.Fd).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Dup, new byte[1]).AsTask();
        Assert.Equal(1, (await polling).OrThrow());
        Assert.Equal(PollEvents.In, fds[0].Revents);
        await End(s, b, replacing, writing);
    });

    [Fact]
    public Task Poll_LastCloseDataAndTimeout_EndsAndTheFileIsReleased() => Play(async s =>
    {
        Bench b = await Set(s);
        await b.Poller.CloseAsync(b.Dup).OrThrow();
        PollFd[] fds = [new(b.Fd, PollEvents.In)];
        Task<SysResult> polling = b.Poller.PollAsync(fds, 20).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Fd, new byte[1]).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.Fd).AsTask();
        SysResult result = await polling;
        // Where time is real its 20 ms may pass before the others begin: then it has found nothing, and asks again.
        while (result == 0 && s.Machine.Engine is not SimulationEngine)
            result = await b.Poller.PollAsync(fds, 20);
        Assert.Equal(1, result.OrThrow());
        await End(s, b, closing, writing);
    });

    [Fact]
    public Task EpollWait_DataAndCloseWithDupLeft_WokenByTheData() => Play(async s =>
    {
        Bench b = await Set(s);
        int ep = await b.Poller.EpollCreate1Async().OrThrow();
        var found = new EpollEvent[1];
        var added = new EpollEvent(PollEvents.In | PollEvents.EpollEt, 3);
        await b.Poller.EpollCtlAsync(ep, EpollOp.Add, b.Fd, added).OrThrow();
        Task<SysResult> waiting = b.Poller.EpollWaitAsync(ep, found, -1).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.Fd).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Dup, new byte[1]).AsTask();
        Assert.Equal(1, (await waiting).OrThrow());
        Assert.Equal(new EpollEvent(PollEvents.In, 3), found[0]);
        await End(s, b, closing, writing);
    });

    [Fact]
    public Task EpollWait_DataLastCloseAddAndDelete_EndsByDataOrTimeout() => Play(async s =>
    {
        Bench b = await Set(s);
        await b.Poller.CloseAsync(b.Dup).OrThrow();
        int ep = await b.Poller.EpollCreate1Async().OrThrow();
        UserThread changer = b.Poller.Process.CreateThread();
        Task<SysResult> adding = changer.EpollCtlAsync(ep, EpollOp.Add, b.Fd, new EpollEvent(PollEvents.In, 3)).AsTask();
        Task<SysResult> waiting = b.Poller.EpollWaitAsync(ep, new EpollEvent[1], 20).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Fd, new byte[1]).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.Fd).AsTask();
        SysResult added = await adding;
        Assert.True(added.IsSuccess || added == Errno.EBADF, $"ADD: {added}");
        SysResult deleted = await changer.EpollCtlAsync(ep, EpollOp.Del, b.Fd);
        Assert.True(deleted.IsSuccess || deleted == Errno.EBADF, $"DEL: {deleted}");
        Assert.InRange((await waiting).OrThrow(), 0, 1);
        await End(s, b, closing, writing);
    });

    [Fact]
    public Task EpollWait_TwoWaitersTwoFiles_EachEventReportedOnce() => Play(async s =>
    {
        Bench b = await Set(s);
        int ep = await b.Poller.EpollCreate1Async().OrThrow();
        var edge = new EpollEvent(PollEvents.In | PollEvents.EpollOneShot, 0);
        await b.Poller.EpollCtlAsync(ep, EpollOp.Add, b.Fd, edge with { Data = 1 }).OrThrow();
        await b.Poller.EpollCtlAsync(ep, EpollOp.Add, b.Other, edge with { Data = 2 }).OrThrow();
        var found = new EpollEvent[2];
        Task<SysResult> first = b.Poller.EpollWaitAsync(ep, found.AsMemory(0, 1), -1).AsTask();
        Task<SysResult> second = b.Closer.EpollWaitAsync(ep, found.AsMemory(1, 1), -1).AsTask();
        Task<SysResult> writing = b.Writer.OobWriteAsync(b.Fd, new byte[1]).AsTask();
        await writing;
        await b.Writer.OobWriteAsync(b.Other, new byte[1]).OrThrow();
        Assert.Equal(1, (await first).OrThrow());
        Assert.Equal(1, (await second).OrThrow());
        Assert.Equal(3, found[0].Data + found[1].Data);
        await End(s, b, writing);
    });

    [Fact]
    public Task EvlPoll_DataAndClose_InOrNvalOrEbadf() => Play(async s =>
    {
        Bench b = await Set(s);
        var found = new EvlPollEvent[1];
        Task<SysResult> polling = b.Oob.EvlPollAsync(b.PollSet, found).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.Fd).AsTask();
        Task<SysResult> writing = b.Closer2.WriteAsync(b.Dup, new byte[1]).AsTask();
        SysResult result = await polling;
        if (result != Errno.EBADF)
        {
            Assert.Equal(1, result.OrThrow());
            Assert.NotEqual(PollEvents.None, found[0].Events & (PollEvents.In | PollEvents.Nval));
        }
        await End(s, b, closing, writing);
    });

    [Fact]
    public Task EvlPoll_LastCloseAndReplace_ToldOrOnTheNewFile() => Play(async s =>
    {
        Bench b = await Set(s);
        await b.Poller.CloseAsync(b.Dup).OrThrow();
        var found = new EvlPollEvent[1];
        long date = s.Machine.Engine.MonotonicNs + TimeoutNs;
        Task<SysResult> polling = b.Oob.EvlTimedPollAsync(b.PollSet, found, date).AsTask();
        Task<SysResult> replacing = b.Closer.Dup2Async(b.Other, b.Fd).AsTask();
        Task<SysResult> writing = b.Closer2.WriteAsync(b.Other, new byte[1]).AsTask();
        // Either it slept on the old file and was told, or it found the new one, which gets data.
        Assert.Equal(1, (await polling).OrThrow());
        Assert.NotEqual(PollEvents.None, found[0].Events & (PollEvents.In | PollEvents.Nval));
        await End(s, b, replacing, writing);
    });

    [Fact]
    public Task EvlPoll_SetClosedMemberClosedAndData_EndsInOneOfTheWays() => Play(async s =>
    {
        Bench b = await Set(s);
        Task<SysResult> polling = b.Oob.EvlPollAsync(b.PollSet, new EvlPollEvent[1]).AsTask();
        Task<SysResult> closing = b.Closer.CloseAsync(b.PollSet).AsTask();
        Task<SysResult> member = b.Closer2.CloseAsync(b.Fd).AsTask();
        Task<SysResult> writing = b.Poller.WriteAsync(b.Dup, new byte[1]).AsTask();
        SysResult result = await polling;
        Assert.True(result == 1 || result == Errno.EIDRM || result == Errno.EBADF, result.ToString());
        await End(s, b, closing, member, writing);
    });

    [Fact]
    public Task EveryPoller_ProcessExits_NobodySleepsOn() => Play(async s =>
    {
        Bench b = await Set(s);
        int ep = await b.Closer.EpollCreate1Async().OrThrow();
        await b.Closer.EpollCtlAsync(ep, EpollOp.Add, b.Fd, new EpollEvent(PollEvents.In, 0)).OrThrow();
        Task<SysResult> polling = b.Poller.PollAsync(new PollFd[] { new(b.Fd, PollEvents.In) }, -1).AsTask();
        Task<SysResult> waiting = b.Closer.EpollWaitAsync(ep, new EpollEvent[1], -1).AsTask();
        Task<SysResult> evl = b.Oob.EvlPollAsync(b.PollSet, new EvlPollEvent[1]).AsTask();
        await End(s, b, polling, waiting, evl);
    });

    private static async Task<Bench> Set(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread poller = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        UserThread writer = await s.OobThread(app, 20);
        int fd = await poller.CreateXbufAsync(null, 8, 8).OrThrow();
        int dup = await poller.DupAsync(fd).OrThrow();
        int other = await poller.CreateXbufAsync(null, 8, 8).OrThrow();
        int set = await poller.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, fd, PollEvents.In).OrThrow();
        return new Bench(poller, app.CreateThread(), app.CreateThread(), oob, writer, fd, dup, other, set);
    }

    private static async Task End(Scenario s, Bench b, params Task<SysResult>[] others)
    {
        ValueTask<SysResult> exiting = b.Poller.Process.ExitAsync();
        await Task.WhenAll(others);
        await exiting;
        s.AssertSound(everythingClosed: true);
        var asleep = new HashSet<(int Tid, long Call)>();
        foreach (MachineEvent e in s.Of(MachineEventKind.CallAsleep, MachineEventKind.CallWoken))
        {
            if (e.Kind == MachineEventKind.CallAsleep)
                Assert.True(asleep.Add((e.Tid, e.Call)), "asleep twice");
            else
                Assert.True(asleep.Remove((e.Tid, e.Call)), "woken but not asleep");
        }
        Assert.Empty(asleep);
    }

    private sealed record Bench(
        UserThread Poller, UserThread Closer, UserThread Closer2, UserThread Oob, UserThread Writer, int Fd, int Dup, int Other, int PollSet);
}
