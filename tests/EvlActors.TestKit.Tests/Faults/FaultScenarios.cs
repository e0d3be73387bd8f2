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
        Task<SysResult> waiting = Wait(other, child);
        await s.Machine.GetProcess(child)!.ExitAsync();
        (await waiting).OrThrow();
        Task<SysResult> reading = Read(oob, post);
        await other.WriteAsync(post, new byte[1]).OrThrow();
        (await reading).OrThrow();
        await other.CloseAsync(post).OrThrow();
        await oob.DetachAsync().OrThrow();
    }

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

    private static async Task<SysResult> Wait(UserThread thread, int child) => await thread.WaitAsync(child);

    private static async Task<SysResult> Read(UserThread thread, int fd) => await thread.OobReadAsync(fd, new byte[1]);
}
