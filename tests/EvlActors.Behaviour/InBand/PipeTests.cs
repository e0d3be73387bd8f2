using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Pipes: ends, atomic writes, end of file, broken pipes.</summary>
public abstract class PipeTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Capacity = 65536;
    private const int PipeBuf = 4096;

    [Fact, Trait("Rule", "p-8")]
    public Task Pipe2_FlagsAndErrnos() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { MaxFiles = 6 }).CreateThread();
        int[] fds = new int[2];
        Assert.Equal(Errno.EINVAL, (await t.Pipe2Async(fds, OpenFlags.Append)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.Pipe2Async(UserBuffer.Bad())).Errno);
        Assert.Equal(SysResult.Ok(), await t.Pipe2Async(fds, OpenFlags.CloseOnExec | OpenFlags.NonBlock));
        Assert.Equal([3, 4], fds);
        Assert.Equal(1, await t.FcntlAsync(3, FcntlCommand.GetFd).OrThrow());
        Assert.Equal((long)OpenFlags.NonBlock, (await t.FcntlAsync(3, FcntlCommand.GetFl)).Value);
        Assert.Equal((long)(OpenFlags.NonBlock | OpenFlags.WriteOnly), (await t.FcntlAsync(4, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EBADF, (await t.WriteAsync(3, new byte[1])).Errno);
        Assert.Equal(Errno.EBADF, (await t.ReadAsync(4, new byte[1])).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(3, 0, Whence.Set)).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(3, new byte[1])).Errno);
        // One number is left: it must be free again after the refusal.
        Assert.Equal(Errno.EMFILE, (await t.PipeAsync(fds)).Errno);
        Assert.Equal(5, await t.DupAsync(0).OrThrow());
    });

    [Fact, Trait("Rule", "p-8")]
    public Task ReadWrite_ThroughThePipe_InOrderThenEndOfFile() => Play(async s =>
    {
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        byte[] buffer = new byte[8];
        ValueTask<SysResult> reading = r.ReadAsync(read, buffer);
        await s.UntilAsleep(r);
        Assert.Equal(3, await w.WriteAsync(write, "abc"u8.ToArray()).OrThrow());
        Assert.Equal(3, await reading.OrThrow());
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
        Assert.Equal(Errno.EFAULT, (await w.WriteAsync(write, UserBuffer.Bad(2))).Errno);
        await w.WriteAsync(write, "de"u8.ToArray()).OrThrow();
        Assert.Equal(Errno.EFAULT, (await r.ReadAsync(read, UserBuffer.Bad(2))).Errno);
        Assert.Equal(SysResult.Ok(), await w.CloseAsync(write));
        Assert.Equal(2, await r.ReadAsync(read, buffer).OrThrow());
        Assert.Equal("de"u8.ToArray(), buffer[..2]);
        Assert.Equal(SysResult.Ok(), await r.ReadAsync(read, buffer));
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Write_UpToPipeBuf_AllOrNothing() => Play(async s =>
    {
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        Assert.Equal(SysResult.Ok(), await w.FcntlAsync(write, FcntlCommand.SetFl, (long)OpenFlags.NonBlock));
        Assert.Equal(Capacity - 10, await w.WriteAsync(write, new byte[Capacity - 10]).OrThrow());
        Assert.Equal(Errno.EAGAIN, (await w.WriteAsync(write, new byte[11])).Errno);
        Assert.Equal(Errno.EAGAIN, (await w.WriteAsync(write, new byte[PipeBuf])).Errno);
        Assert.Equal(10, await w.WriteAsync(write, new byte[PipeBuf + 1]).OrThrow());
        Assert.Equal(Errno.EAGAIN, (await w.WriteAsync(write, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await w.FcntlAsync(write, FcntlCommand.SetFl, 0));
        ValueTask<SysResult> writing = w.WriteAsync(write, new byte[PipeBuf]);
        await s.UntilAsleep(w);
        Assert.Equal(PipeBuf - 1, await r.ReadAsync(read, new byte[PipeBuf - 1]).OrThrow());
        Assert.False(writing.IsCompleted);
        Assert.Equal(1, await r.ReadAsync(read, new byte[1]).OrThrow());
        Assert.Equal(PipeBuf, await writing.OrThrow());
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Write_BeyondTheCapacity_GoesOnAsItIsRead() => Play(async s =>
    {
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        byte[] sent = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i * 7))];
        ValueTask<SysResult> writing = w.WriteAsync(write, sent);
        List<byte> received = [];
        byte[] buffer = new byte[20_001];
        while (received.Count < sent.Length)
        {
            int count = await r.ReadAsync(read, buffer).OrThrow();
            received.AddRange(buffer[..count]);
        }
        Assert.Equal(sent.Length, await writing.OrThrow());
        Assert.Equal(sent, received);
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Write_ReaderGone_EpipeAndSigpipe() => Play(async s =>
    {
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        int signals = 0;
        await w.SigactionAsync(Signal.SIGPIPE, SigAction.Handle(_ => signals++)).OrThrow();
        ValueTask<SysResult> writing = w.WriteAsync(write, new byte[Capacity + 1]);
        await s.UntilAsleep(w);
        Assert.Equal(SysResult.Ok(), await r.CloseAsync(read));
        Assert.Equal(Capacity, await writing.OrThrow());
        Assert.Equal(Errno.EPIPE, (await w.WriteAsync(write, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await w.WriteAsync(write, Array.Empty<byte>()));
        await w.GetpidAsync().OrThrow();
        Assert.Equal(2, signals);
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Write_ReaderGoneNoHandler_SigpipeEndsTheProcess() => Play(async s =>
    {
        UserThread parent = s.Machine.CreateProcess().CreateThread();
        int[] fds = new int[2];
        await parent.PipeAsync(fds).OrThrow();
        EvlProcess child = s.Machine.GetProcess(await parent.ForkAsync().OrThrow())!;
        await child.MainThread!.CloseAsync(fds[0]).OrThrow();
        await parent.CloseAsync(fds[0]).OrThrow();
        ValueTask<SysResult> writing = child.MainThread!.WriteAsync(fds[1], new byte[1]);
        byte[] status = new byte[4];
        Assert.Equal(child.Pid, await parent.WaitAsync(-1, status).OrThrow());
        Assert.Equal((int)Signal.SIGPIPE, WaitStatus.ReadFrom(status).Signal);
        Assert.True((await writing).IsError);
    });

    [Fact, Trait("Case", "C154")]
    public Task Poll_EachState_ItsEvents() => Play(async s =>
    {
        const PollEvents readable = PollEvents.In | PollEvents.RdNorm;
        const PollEvents writable = PollEvents.Out | PollEvents.WrNorm;
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        Assert.Equal(PollEvents.None, await Poll(w, read));
        Assert.Equal(writable, await Poll(w, write));
        await w.WriteAsync(write, new byte[Capacity]).OrThrow();
        Assert.Equal(readable, await Poll(w, read));
        Assert.Equal(PollEvents.None, await Poll(w, write));
        PollFd[] waiting = [new(write, PollEvents.Out)];
        ValueTask<SysResult> polling = w.PollAsync(waiting, -1);
        await s.UntilAsleep(w);
        await r.ReadAsync(read, new byte[PipeBuf - 1]).OrThrow();
        Assert.False(polling.IsCompleted);
        await r.ReadAsync(read, new byte[1]).OrThrow();
        Assert.Equal(1, await polling.OrThrow());
        int[] other = new int[2];
        await w.PipeAsync(other).OrThrow();
        await w.CloseAsync(other[0]).OrThrow();
        Assert.Equal(writable | PollEvents.Err, await Poll(w, other[1]));
        await w.CloseAsync(write).OrThrow();
        Assert.Equal(readable | PollEvents.Hup, await Poll(w, read));
        await r.ReadAsync(read, new byte[Capacity]).OrThrow();
        Assert.Equal(PollEvents.Hup, await Poll(w, read));
    });

    [Fact, Trait("Rule", "p-8")]
    public Task Read_Interrupted_NothingConsumed() => Play(async s =>
    {
        (UserThread w, UserThread r, int read, int write) = await Start(s);
        ValueTask<SysResult> reading = r.ReadAsync(read, new byte[4]);
        await s.UntilAsleep(r);
        r.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await w.WriteAsync(write, new byte[4]).OrThrow();
        Assert.Equal(4, await r.ReadAsync(read, new byte[8]).OrThrow());
    });

    private static async Task<PollEvents> Poll(UserThread t, int fd)
    {
        PollFd[] fds = [new(fd, PollEvents.In | PollEvents.Out | PollEvents.RdNorm | PollEvents.WrNorm)];
        await t.PollAsync(fds, 0).OrThrow();
        return fds[0].Revents;
    }

    private static async Task<(UserThread Writer, UserThread Reader, int Read, int Write)> Start(Scenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread writer = app.CreateThread();
        int[] fds = new int[2];
        Assert.Equal(SysResult.Ok(), await writer.PipeAsync(fds));
        return (writer, app.CreateThread(), fds[0], fds[1]);
    }
}
