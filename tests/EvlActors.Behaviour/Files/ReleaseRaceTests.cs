using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>
/// Close of the last descriptor, and dup2 over it, against everything that may be under way at the same moment. Nobody waits for
/// anybody before the race begins, so the engine decides who comes first; the event stream says whether it was sound.
/// </summary>
public abstract class ReleaseRaceTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory, Trait("Rule", "D-3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task LastFd_AgainstOobRead(bool dup2) => Race(async (s, race) =>
    {
        UserThread second = await s.OobThread(race.App, priority: 20);
        UserThread inBand = race.App.CreateThread();
        ValueTask<SysResult> reading = race.Reader.OobReadAsync(race.Fd, new byte[1]);
        ValueTask<SysResult> ending = race.End(dup2);
        ValueTask<SysResult> reading2 = second.OobReadAsync(race.Fd, new byte[1]);
        ValueTask<SysResult> writing = inBand.WriteAsync(race.Fd, new byte[1]);
        IsOneOf(await reading, 1, Errno.EIDRM, Errno.EBADF);
        IsOneOf(await reading2, 1, Errno.EIDRM, Errno.EBADF);
        // What dup2 put in the place, the console, takes writes too.
        IsOneOf(await writing, 1, Errno.EBADF);
        Assert.Equal(dup2 ? race.Fd : 0, await ending);
    });

    [Theory, Trait("Rule", "C-5"), Trait("Rule", "D-3")]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public Task Dup2_AgainstInBandReadsOfRealTimeThreads(bool wasOob, bool isOob) => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread first = app.CreateThread(SchedPolicy.Fifo, 50);
        UserThread second = app.CreateThread(SchedPolicy.Fifo, 20);
        UserThread other = app.CreateThread();
        int fd = await Filled(s, t, wasOob, (byte)'a');
        int next = await Filled(s, t, isOob, (byte)'b');
        byte[] read = new byte[4];
        ValueTask<SysResult> reading = first.ReadAsync(fd, read.AsMemory(0, 1));
        ValueTask<SysResult> replacing = t.Dup2Async(next, fd);
        ValueTask<SysResult> reading2 = second.ReadAsync(fd, read.AsMemory(1, 1));
        Assert.Equal(1, await other.ReadAsync(fd, read.AsMemory(2, 1)));
        Assert.Equal(1, await reading);
        // Nobody finds the old file when somebody has found the new one, whichever way their calls take.
        if (read[0] == 'b' || read[2] == 'b')
        {
            Assert.Equal(1, await first.ReadAsync(fd, read.AsMemory(3, 1)));
            Assert.Equal((byte)'b', read[3]);
        }
        Assert.Equal(1, await reading2);
        Assert.Equal(fd, await replacing);
        Assert.All(read[..3], static found => Assert.True(found is (byte)'a' or (byte)'b'));
        Assert.Equal(1, await second.ReadAsync(fd, read.AsMemory(3, 1)));
        Assert.Equal((byte)'b', read[3]);
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "C-5"), Trait("Rule", "D-3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task CloseAndInstallAgain_AgainstInBandReadsOfRealTimeThreads(bool isOob) => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50);
        UserThread other = app.CreateThread();
        int next = await Filled(s, t, !isOob, (byte)'b');
        int fd = await Filled(s, t, isOob, (byte)'a');
        byte[] read = new byte[1];
        ValueTask<SysResult> reading = reader.ReadAsync(fd, read);
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        bool isClosed = (await other.FcntlAsync(fd, FcntlCommand.GetFd)).Errno == Errno.EBADF;
        SysResult first = await reading;
        IsOneOf(first, 1, Errno.EBADF);
        if (isClosed || first.IsError)
            Assert.Equal(Errno.EBADF, (await reader.ReadAsync(fd, read)).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(Errno.EBADF, (await reader.ReadAsync(fd, read)).Errno);
        Assert.Equal(fd, await t.Dup2Async(next, fd));
        Assert.Equal(1, await reader.ReadAsync(fd, read));
        Assert.Equal((byte)'b', read[0]);
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "D-3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task LastFd_AgainstReaderOfADup(bool dup2) => Race(async (s, race) =>
    {
        UserThread other = race.App.CreateThread();
        UserThread second = await s.OobThread(race.App, priority: 60);
        int dup = await other.DupAsync(race.Fd).OrThrow();
        ValueTask<SysResult> reading = race.Reader.OobReadAsync(dup, new byte[1]);
        ValueTask<SysResult> ending = race.End(dup2);
        ValueTask<SysResult> reading2 = second.OobReadAsync(race.Fd, new byte[1]);
        ValueTask<SysResult> closing = other.CloseAsync(dup);
        IsOneOf(await reading, 1, Errno.EIDRM, Errno.EBADF);
        IsOneOf(await reading2, 1, Errno.EIDRM, Errno.EBADF);
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Equal(dup2 ? race.Fd : 0, await ending);
    });

    [Theory, Trait("Rule", "D-3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task LastFd_AgainstGetFile(bool dup2) => Race(async (s, race) =>
    {
        s.Machine.AddDevice("/dev/holder", () => new HolderDevice());
        UserThread holder = await s.OobThread(race.App, priority: 30);
        UserThread inBandHolder = race.App.CreateThread();
        int h = await inBandHolder.OpenAsync("/dev/holder").OrThrow();
        int h2 = await inBandHolder.OpenAsync("/dev/holder").OrThrow();
        ValueTask<SysResult> reading = race.Reader.OobReadAsync(race.Fd, new byte[1]);
        Task<SysResult> holding = Hold(holder, h, race.Fd);
        ValueTask<SysResult> ending = race.End(dup2);
        ValueTask<SysResult> glancing = inBandHolder.IoctlAsync(h2, HolderDevice.Glance, race.Fd);
        IsOneOf(await holding, 0, Errno.EBADF);
        IsOneOf(await glancing, 0, Errno.EBADF);
        IsOneOf(await reading, 1, Errno.EIDRM, Errno.EBADF);
        Assert.Equal(dup2 ? race.Fd : 0, await ending);
    });

    /// <summary>Begins to load the machine with other work, and ends it when disposed of; nothing here.</summary>
    protected virtual IAsyncDisposable? BeginLoad(Scenario s) => null;

    private static async Task<SysResult> Hold(UserThread holder, int h, int fd)
    {
        SysResult got = await holder.OobIoctlAsync(h, HolderDevice.Get, fd);
        if (got.IsSuccess)
            await holder.OobIoctlAsync(h, HolderDevice.Put).OrThrow();
        return got;
    }

    private static void IsOneOf(SysResult result, long value, params Errno[] errors) =>
        Assert.True(result == value || (result.IsError && errors.Contains(result.Errno)), $"{result}");

    private Task Race(Func<Scenario, Starter, Task> run) => Play(async s =>
    {
        var device = new GatedDevice();
        s.Machine.AddDevice("/dev/gated", () => device);
        await using (BeginLoad(s))
        {
            EvlProcess app = s.Machine.CreateProcess();
            UserThread reader = await s.OobThread(app);
            UserThread closer = app.CreateThread();
            int fd = await closer.OpenAsync("/dev/gated").OrThrow();
            await run(s, new Starter(app, reader, closer, fd));
            Assert.Equal((1, 0), (device.Dismantled, device.Overrun));
            await app.ExitAsync().OrThrow();
        }
        s.AssertSound(everythingClosed: true);
    });

    /// <summary>What every race begins with.</summary>
    private sealed record Starter(EvlProcess App, UserThread Reader, UserThread Closer, int Fd)
    {
        internal ValueTask<SysResult> End(bool dup2) => dup2 ? Closer.Dup2Async(0, Fd) : Closer.CloseAsync(Fd);
    }

    // The reading end of a pipe or a cross-buffer that has eight bytes of a kind for whoever reads.
    private static async Task<int> Filled(Scenario s, UserThread t, bool isOob, byte value)
    {
        byte[] bytes = [.. Enumerable.Repeat(value, 8)];
        if (!isOob)
        {
            int[] ends = new int[2];
            await t.PipeAsync(ends).OrThrow();
            await t.WriteAsync(ends[1], bytes).OrThrow();
            return ends[0];
        }
        await t.InitAsync().OrThrow();
        int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        UserThread writer = await s.OobThread(t.Process);
        await writer.OobWriteAsync(fd, bytes).OrThrow();
        return fd;
    }
}
