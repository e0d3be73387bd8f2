using EvlActors;
using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>scullpipe: the ring, its sleepers and its pollers.</summary>
public abstract class ScullPipeTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Capacity = ScullParameters.DefaultPipeSize - 1;

    [Fact, Trait("Case", "C270")]
    public Task Ring_FullAndWrapped_PartialTransfers() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, OpenFlags.NonBlock);
        byte[] bytes = new byte[5000];
        Assert.Equal(Capacity, (await t.WriteAsync(input, bytes)).Value);
        Assert.Equal(Errno.EAGAIN, (await t.WriteAsync(input, bytes)).Errno);
        Assert.Equal(3900, (await t.ReadAsync(output, bytes.AsMemory(0, 3900))).Value);
        // One byte up to the end of the ring, the rest from its beginning.
        Assert.Equal(1, (await t.WriteAsync(input, bytes.AsMemory(0, 50))).Value);
        Assert.Equal(50, (await t.WriteAsync(input, bytes.AsMemory(0, 50))).Value);
        Assert.Equal(100, (await t.ReadAsync(output, bytes)).Value);
        Assert.Equal(50, (await t.ReadAsync(output, bytes)).Value);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(output, bytes)).Errno);
    });

    [Fact, Trait("Case", "C270")]
    public Task Close_OfTheLastFile_FreesTheRing() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, OpenFlags.NonBlock);
        await t.WriteAsync(input, new byte[10]).OrThrow();
        int another = await t.OpenAsync(ScullModule.Pipe, OpenFlags.ReadOnly | OpenFlags.NonBlock).OrThrow();
        await t.CloseAsync(input).OrThrow();
        await t.CloseAsync(output).OrThrow();
        Assert.Equal(10, (await t.ReadAsync(another, new byte[99])).Value);
        input = await t.OpenAsync(ScullModule.Pipe, OpenFlags.WriteOnly).OrThrow();
        await t.WriteAsync(input, new byte[10]).OrThrow();
        await t.IoctlAsync(input, ScullIoctl.TellPipeSize, 100).OrThrow();
        await t.CloseAsync(input).OrThrow();
        await t.CloseAsync(another).OrThrow();
        another = await t.OpenAsync(ScullModule.Pipe, OpenFlags.ReadWrite | OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(another, new byte[99])).Errno);
        Assert.Equal(99, (await t.WriteAsync(another, new byte[200])).Value);
    });

    [Fact]
    public Task Reader_Asleep_WokenByAWriterAndTheOtherWayRound() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        UserThread reader = t.Process.CreateThread();
        byte[] read = new byte[5000];
        ValueTask<SysResult> reading = reader.ReadAsync(output, read);
        await s.UntilAsleep(reader);
        Assert.Equal(3, (await t.WriteAsync(input, new byte[] { 7, 8, 9 })).Value);
        Assert.Equal(3, (await reading).Value);
        Assert.Equal([7, 8, 9], read[..3]);

        Assert.Equal(Capacity - 2, (await t.WriteAsync(input, new byte[5000])).Value);
        Assert.Equal(2, (await t.WriteAsync(input, new byte[5000])).Value);
        ValueTask<SysResult> writing = t.WriteAsync(input, new byte[5000]);
        await s.UntilAsleep(t);
        Assert.Equal(10, (await reader.ReadAsync(output, read.AsMemory(0, 10))).Value);
        Assert.Equal(10, (await writing).Value);
    });

    [Fact]
    public Task Readers_SeveralAsleep_EachByteGoesToOne() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        UserThread[] readers = [t.Process.CreateThread(), t.Process.CreateThread()];
        Task<SysResult>[] reads = [.. readers.Select(reader => reader.ReadAsync(output, new byte[4]).AsTask())];
        foreach (UserThread reader in readers)
            await s.UntilAsleep(reader);
        await t.WriteAsync(input, new byte[1]).OrThrow();
        Assert.Equal(1, (await await Task.WhenAny(reads)).Value);
        Assert.Equal(1, reads.Count(read => !read.IsCompleted));
        await t.WriteAsync(input, new byte[2]).OrThrow();
        Assert.Equal(3, (await Task.WhenAll(reads)).Sum(read => read.Value));
    });

    [Fact]
    public Task Read_MemoryIsSlow_OthersWaitAndNoByteIsReadTwice() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        UserThread[] readers = [t.Process.CreateThread(), t.Process.CreateThread()];
        await t.WriteAsync(input, new byte[] { 1, 2 }).OrThrow();
        var page = new TaskCompletionSource();
        byte[] first = new byte[1];
        byte[] second = new byte[1];
        Task<SysResult> slow = readers[0].ReadAsync(output, UserBuffer.StallingUntil(first, page.Task)).AsTask();
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == readers[0].Tid && e.Detail == nameof(FileOperation.Read));
        Task<SysResult> other = readers[1].ReadAsync(output, second).AsTask();
        await s.UntilAsleep(readers[1]);
        page.SetResult();
        Assert.Equal((1, 1), ((await slow).Value, (await other).Value));
        Assert.Equal((1, 2), (first[0], second[0]));
    });

    [Fact]
    public Task Read_BadMemory_EfaultAndNothingIsLost() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, OpenFlags.NonBlock);
        await t.WriteAsync(input, new byte[5]).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(output, UserBuffer.Bad(5))).Errno);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(input, UserBuffer.Bad(5))).Errno);
        Assert.Equal(5, (await t.ReadAsync(output, new byte[9])).Value);
    });

    [Fact]
    public Task Read_Unblocked_Eintr() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        using var cancellation = new CancellationTokenSource();
        UserThread reader = t.Process.CreateThread();
        ValueTask<SysResult> reading = reader.ReadAsync(output, new byte[4], cancellation.Token);
        await s.UntilAsleep(reader);
        cancellation.Cancel();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(4, (await t.WriteAsync(input, new byte[4])).Value);
        Assert.Equal(4, (await reader.ReadAsync(output, new byte[4])).Value);
    });

    [Fact]
    public Task Poll_EmptyFullAndClosed_InAndOutNeverHup() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        PollFd[] both = [new(output, PollEvents.In), new(input, PollEvents.Out)];
        Assert.Equal(1, (await t.PollAsync(both, 0)).Value);
        Assert.Equal((PollEvents.None, PollEvents.Out), (both[0].Revents, both[1].Revents));
        await t.WriteAsync(input, new byte[5000]).OrThrow();
        Assert.Equal(1, (await t.PollAsync(both, 0)).Value);
        Assert.Equal((PollEvents.In, PollEvents.None), (both[0].Revents, both[1].Revents));
        await t.ReadAsync(output, new byte[5000]).OrThrow();
        await t.CloseAsync(input).OrThrow();
        UserThread writer = t.Process.CreateThread();
        PollFd[] end = [new(output, PollEvents.In)];
        Assert.Equal(0, (await t.PollAsync(end, 0)).Value);
        ValueTask<SysResult> polling = t.PollAsync(end, -1);
        await s.UntilAsleep(t);
        input = await writer.OpenAsync(ScullModule.Pipe, OpenFlags.WriteOnly).OrThrow();
        await writer.WriteAsync(input, new byte[1]).OrThrow();
        Assert.Equal(1, (await polling).Value);
        Assert.Equal(PollEvents.In, end[0].Revents);
    });

    [Fact]
    public Task Fasync_Armed_SignalForWhatIsWrittenUntilTheClose() => Play(async s =>
    {
        (UserThread t, int input, int output) = await Open(s, default);
        UserThread reader = s.Machine.CreateProcess().CreateThread();
        int signals = 0;
        await reader.SigactionAsync(Signal.SIGIO, SigAction.Handle(_ => signals++)).OrThrow();
        int fd = await reader.OpenAsync(ScullModule.Pipe, OpenFlags.ReadOnly).OrThrow();
        await reader.FcntlAsync(fd, FcntlCommand.SetOwn, reader.Process.Pid).OrThrow();
        await t.WriteAsync(input, new byte[1]).OrThrow();
        await reader.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Async).OrThrow();
        Assert.Equal(0, signals);
        ValueTask<SysResult> pausing = reader.PauseAsync();
        // A signal that came before pause(2) would not end it.
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == reader.Tid);
        await t.WriteAsync(input, new byte[2]).OrThrow();
        Assert.Equal(Errno.EINTR, (await pausing).Errno);
        Assert.Equal(1, signals);
        Assert.Equal(3, (await reader.ReadAsync(fd, new byte[9])).Value);
        await reader.CloseAsync(fd).OrThrow();
        await t.WriteAsync(input, new byte[1]).OrThrow();
        Assert.Equal(1, (await t.ReadAsync(output, new byte[9])).Value);
        Assert.Equal(reader.Process.Pid, (await reader.GetpidAsync()).Value);
        Assert.Equal(1, signals);
    });

    [Fact]
    public Task Lseek_Pread_Espipe() => Play(async s =>
    {
        (UserThread t, int _, int output) = await Open(s, default);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(output, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(output, new byte[1], 0)).Errno);
    });

    private static async Task<(UserThread Thread, int Input, int Output)> Open(Scenario s, OpenFlags flags)
    {
        _ = new ScullModule(s.Machine);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync(ScullModule.Pipe, OpenFlags.WriteOnly | flags).OrThrow(), await t.OpenAsync(ScullModule.Pipe, OpenFlags.ReadOnly | flags).OrThrow());
    }
}
