namespace EvlActors.TestKit.Tests;

/// <summary>Scenarios that are run once for each fault; both end with whatever errno a fault gives.</summary>
internal static class FaultScenarios
{
    /// <summary>One thread writes what another reads out-of-band; both go on after an error; then all is closed.</summary>
    internal static Func<SimulationScenario, Task> ReadWriteClose(FaultDefect defect) => async s =>
    {
        s.Machine.AddDevice("/dev/post", () => new PostDevice(defect));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread writer = app.CreateThread(name: "writer");
        await reader.AttachAsync().OrThrow();
        int fd = await writer.OpenAsync("/dev/post").OrThrow();
        Task reading = app.Run(reader, async t =>
        {
            for (int i = 0; i < 2; i++)
                await t.OobReadAsync(fd, new byte[1]);
        });
        Task writing = app.Run(writer, async t =>
        {
            await t.WriteAsync(fd, new byte[1]);
            await t.WriteAsync(fd, new byte[1]);
            await t.CloseAsync(fd);
        });
        await writing;
        await reading;
    };

    /// <summary>Every kind of call that makes, takes or sleeps for something, in-band and out-of-band.</summary>
    internal static async Task EveryCall(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/post", () => new PostDevice());
        s.Machine.AddFile("/etc/hosts", "127.0.0.1");
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50, "oob");
        UserThread other = app.CreateThread(name: "other");
        await oob.AttachAsync("/oob").OrThrow();
        int post = await other.OpenAsync("/dev/post").OrThrow();
        int hosts = await other.OpenAsync("/etc/hosts").OrThrow();
        await other.ReadAsync(hosts, new byte[4]).OrThrow();
        int xbuf = await other.CreateXbufAsync("/box", 16, 16).OrThrow();
        await other.WriteAsync(xbuf, new byte[3]).OrThrow();
        await oob.OobReadAsync(xbuf, new byte[3]).OrThrow();
        await oob.OobWriteAsync(xbuf, new byte[3]).OrThrow();
        await other.ReadAsync(xbuf, new byte[3]).OrThrow();
        int copy = await other.DupAsync(xbuf).OrThrow();
        await other.Dup2Async(hosts, copy).OrThrow();
        int[] pipe = new int[2];
        await other.PipeAsync(pipe).OrThrow();
        await other.WriteAsync(pipe[1], new byte[1]).OrThrow();
        await other.PollAsync(new PollFd[] { new(pipe[0], PollEvents.In) }, -1).OrThrow();
        await other.ReadAsync(pipe[0], new byte[1]).OrThrow();
        int epoll = await other.EpollCreate1Async().OrThrow();
        await other.EpollCtlAsync(epoll, EpollOp.Add, pipe[0], new EpollEvent(PollEvents.In, 1)).OrThrow();
        int set = await other.NewPollAsync().OrThrow();
        await oob.AddPollfdAsync(set, xbuf, PollEvents.In, 0).OrThrow();
        await oob.EvlUsleepAsync(10).OrThrow();
        int child = (int)(await other.ForkAsync().OrThrow());
        UserThread forked = s.Machine.GetProcess(child)!.MainThread!;
        await forked.CloseAsync(post).OrThrow();
        Task<SysResult> waiting = Of(other.WaitAsync(child));
        await s.Machine.GetProcess(child)!.ExitAsync();
        (await waiting).OrThrow();
        Task<SysResult> reading = Of(oob.OobReadAsync(post, new byte[1]));
        await other.WriteAsync(post, new byte[1]).OrThrow();
        (await reading).OrThrow();
        await other.CloseAsync(post).OrThrow();
        await oob.DetachAsync().OrThrow();
    }

    /// <summary>What sleeps for somebody else, signals, and the services of drivers.</summary>
    internal static async Task Services(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/service", () => new ServiceDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50, "oob");
        UserThread other = app.CreateThread(name: "other");
        await oob.AttachAsync().OrThrow();
        int handled = 0;
        await other.SigactionAsync(Signal.SIGIO, SigAction.Handle(_ => handled++, restart: true)).OrThrow();
        int service = await other.OpenAsync("/dev/service").OrThrow();
        await other.FcntlAsync(service, FcntlCommand.SetOwn, app.Pid).OrThrow();
        await other.FcntlAsync(service, FcntlCommand.SetFl, (long)OpenFlags.Async).OrThrow();
        MmapResult mapped = await other.MmapAsync(service, EvlMapping.PageBytes);
        if (mapped.Result.IsError)
            throw new EvlException(mapped.Result.Errno, SyscallNumber.Mmap);
        await other.IoctlAsync(service, ServiceDevice.StartWorker).OrThrow();
        await other.WriteAsync(service, new byte[1]).OrThrow();
        int made = await other.IoctlAsync(service, ServiceDevice.MakeFile).OrThrow();
        int xbuf = await other.CreateXbufAsync("box", 2, 2).OrThrow();
        int sem = await other.CreateSemAsync("sem").OrThrow();
        int flags = await other.CreateFlagsAsync("flags").OrThrow();
        int set = await other.NewPollAsync().OrThrow();
        await oob.OobIoctlAsync(service, ServiceDevice.Tick).OrThrow();
        await oob.AddPollfdAsync(set, made, PollEvents.In).OrThrow();
        Task<SysResult> waiting = Of(oob.GetSemAsync(sem));
        await other.PutSemAsync(sem).OrThrow();
        (await waiting).OrThrow();
        waiting = Of(oob.WaitFlagsAsync(flags));
        await other.PostFlagsAsync(flags, 1).OrThrow();
        (await waiting).OrThrow();
        // The second does not fit until the first was read.
        await oob.OobIoctlAsync(service, ServiceDevice.Forward, xbuf).OrThrow();
        waiting = Of(oob.OobIoctlAsync(service, ServiceDevice.Forward, xbuf));
        await other.ReadAsync(xbuf, new byte[2]).OrThrow();
        (await waiting).OrThrow();
        int epoll = await other.EpollCreate1Async().OrThrow();
        await other.EpollCtlAsync(epoll, EpollOp.Add, xbuf, new EpollEvent(PollEvents.In, 1)).OrThrow();
        await other.EpollWaitAsync(epoll, new EpollEvent[1], -1).OrThrow();
        await other.ReadAsync(xbuf, new byte[2]).OrThrow();
        waiting = Of(other.SelectAsync(xbuf + 1, new FdSet(xbuf), null, null, null));
        await oob.OobWriteAsync(xbuf, new byte[1]).OrThrow();
        (await waiting).OrThrow();
        waiting = Of(oob.EvlPollAsync(set, new EvlPollEvent[1]));
        await other.CloseAsync(made).OrThrow();
        await waiting; // POLLNVAL, or EBADF if the close was first
        await other.WriteAsync(service, new byte[1]).OrThrow();
        int child = await other.ForkAsync(CloneFlags.Files).OrThrow();
        UserThread forked = s.Machine.GetProcess(child)!.MainThread!;
        await forked.CloseRangeAsync(3, uint.MaxValue, CloseRangeFlags.Unshare).OrThrow();
        await forked.ExitAsync();
        await other.WaitAsync(child, new byte[4]).OrThrow();
        await other.IoctlAsync(service, ServiceDevice.StopWorker).OrThrow();
        await other.ExecAsync().OrThrow();
    }

    private static async Task<SysResult> Of(ValueTask<SysResult> call) => await call;

    /// <summary>A scenario that may give up with an errno.</summary>
    internal static Func<SimulationScenario, Task> Tolerant(Func<SimulationScenario, Task> scenario) => async s =>
    {
        try
        {
            await scenario(s);
        }
        catch (EvlException)
        {
            // A fault was answered.
        }
    };
}
