using System.Text;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Descriptors as <see cref="Stream"/>: what comes out of a cross-buffer, what goes in, and every way in which it can end.</summary>
public abstract class StreamTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Read_SomeBytesThere_TakesThoseAtOnce() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] buffer = new byte[100]; // more than the ring: not EINVAL here
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await stream.ReadAsync(buffer));
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
        await oob.OobWriteAsync(fd, "defghijk"u8.ToArray()).OrThrow();
        Assert.Equal(2, await stream.ReadAsync(buffer.AsMemory(0, 2)));
        Assert.Equal(6, await stream.ReadAsync(buffer.AsMemory(2)));
        Assert.Equal("defghijk"u8.ToArray(), buffer[..8]);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
    });

    [Fact]
    public Task Read_EmptyRing_SleepsUntilTheFirstBytes() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] buffer = new byte[8];
        ValueTask<int> reading = stream.ReadAsync(buffer);
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await reading);
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
    });

    [Fact]
    public Task ReadAndWrite_NonBlockingFile_WaitAndLeaveTheFlag() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8, OpenFlags.NonBlock);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] buffer = new byte[8];
        ValueTask<int> reading = stream.ReadAsync(buffer);
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await reading);
        await stream.WriteAsync("12345678"u8.ToArray());
        Task writing = stream.WriteAsync("9"u8.ToArray()).AsTask();
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == t.Tid && s.Of(MachineEventKind.CallAsleep).Count() > 1);
        await oob.OobReadAsync(fd, buffer).OrThrow();
        await writing;
        Assert.NotEqual(0, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value & (long)OpenFlags.NonBlock);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, buffer)).Errno);
    });

    [Fact]
    public Task Read_BesideABlockingReadForMore_TakesTheFirstBytes() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        UserThread other = t.Process.CreateThread();
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] wanted = new byte[4];
        ValueTask<SysResult> whole = other.ReadAsync(fd, wanted);
        await s.UntilAsleep(other);
        byte[] buffer = new byte[8];
        ValueTask<int> reading = stream.ReadAsync(buffer);
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(fd, "ab"u8.ToArray()).OrThrow();
        Assert.Equal(2, await reading);
        await oob.OobWriteAsync(fd, "cdef"u8.ToArray()).OrThrow();
        Assert.Equal(4, await whole);
        Assert.Equal("cdef"u8.ToArray(), wanted);
    });

    [Fact]
    public Task Write_LongerThanTheRing_GoesPartByPart() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 8);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] sent = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];
        Task writing = stream.WriteAsync(sent).AsTask();
        var got = new List<byte>();
        byte[] buffer = new byte[4];
        while (got.Count < sent.Length)
        {
            await oob.OobReadAsync(fd, buffer).OrThrow();
            got.AddRange(buffer);
        }
        await writing;
        Assert.Equal(sent, got);
        await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);
        await stream.FlushAsync();
    });

    [Fact]
    public Task Read_Cancelled_ConsumesNothing() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] buffer = new byte[8];
        using (var cancelled = new CancellationTokenSource())
        {
            ValueTask<int> reading = stream.ReadAsync(buffer, cancelled.Token);
            await s.UntilAsleep(t);
            cancelled.Cancel();
            OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
            Assert.Equal(cancelled.Token, e.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadSome(stream, cancelled.Token));
        }
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await stream.ReadAsync(buffer));
    });

    [Fact]
    public Task Read_CancelledWithBytesThere_TheResultWins() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        await using Stream stream = await t.OpenStreamAsync(fd);
        using var cancelled = new CancellationTokenSource();
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        ValueTask<int> reading = stream.ReadAsync(new byte[8], cancelled.Token);
        await s.Until(e => e.Kind == MachineEventKind.CallAnswered && e.Tid == t.Tid && e.Nr == SyscallNumber.Read);
        cancelled.Cancel();
        Assert.Equal(3, await reading);
    });

    [Fact]
    public Task Write_CancelledInTheMiddle_HasWrittenThePartsBefore() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 4);
        await using Stream stream = await t.OpenStreamAsync(fd);
        using var cancelled = new CancellationTokenSource();
        Task writing = stream.WriteAsync("abcdefgh"u8.ToArray(), cancelled.Token).AsTask();
        await s.UntilAsleep(t); // with the second part
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        byte[] got = new byte[4];
        await oob.OobReadAsync(fd, got).OrThrow();
        Assert.Equal("abcd"u8.ToArray(), got);
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await oob.OobReadAsync(fd, got)).Errno);
    });

    [Fact]
    public Task Unblock_ReadAsleep_EintrAndTheStreamGoesOn() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        await using Stream stream = await t.OpenStreamAsync(fd);
        ValueTask<int> reading = stream.ReadAsync(new byte[8]);
        await s.UntilAsleep(t);
        t.Unblock();
        EvlException e = await Assert.ThrowsAsync<EvlException>(async () => await reading);
        Assert.Equal(Errno.EINTR, e.Errno);
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await stream.ReadAsync(new byte[8]));
    });

    [Fact]
    public Task SecondCall_OneUnderWay_ThrowsAndHarmsNothing() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        await using Stream stream = await t.OpenStreamAsync(fd);
        byte[] buffer = new byte[8];
        ValueTask<int> reading = stream.ReadAsync(buffer);
        await s.UntilAsleep(t);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadSome(stream));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[8]));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.DisposeAsync());
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        Assert.Equal(3, await reading);
        Assert.True(stream.CanRead);
    });

    [Fact]
    public Task ReadAndWriteAtOnce_TwoStreamsWithAThreadEach_BothGoOn() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        await using Stream input = await t.OpenStreamAsync(fd);
        await using Stream output = await t.Process.CreateThread().OpenStreamAsync(fd, leaveOpen: true);
        byte[] buffer = new byte[8];
        ValueTask<int> reading = input.ReadAsync(buffer);
        await s.UntilAsleep(t);
        await output.WriteAsync("ping"u8.ToArray());
        byte[] four = new byte[4];
        await oob.OobReadAsync(fd, four).OrThrow();
        await oob.OobWriteAsync(fd, four).OrThrow();
        Assert.Equal(4, await reading);
        Assert.Equal("ping"u8.ToArray(), buffer[..4]);
    });

    [Theory]
    [InlineData(false, Errno.EBADF)]
    [InlineData(true, Errno.None)]
    public Task Dispose_LeaveOpenOrNot_ClosesTheDescriptorOnce(bool leaveOpen, Errno later) => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, 8, 8);
        Stream stream = await t.OpenStreamAsync(fd, leaveOpen);
        await stream.DisposeAsync();
        Assert.Equal(later, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Errno);
        Assert.False(stream.CanRead || stream.CanWrite);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadSome(stream));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1]));
        // Its number may be another file's by now.
        int next = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        Assert.Equal(leaveOpen, next != fd);
        await stream.DisposeAsync();
        await t.FcntlAsync(next, FcntlCommand.GetFl).OrThrow();
    });

    [Fact]
    public Task Read_DescriptorClosedElsewhere_Ebadf() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        Stream stream = await t.OpenStreamAsync(fd);
        await oob.CloseAsync(fd).OrThrow();
        IOException read = await Assert.ThrowsAnyAsync<IOException>(() => ReadSome(stream));
        Assert.Equal(Errno.EBADF, Assert.IsType<EvlException>(read).Errno);
        EvlException written = await Assert.ThrowsAsync<EvlException>(async () => await stream.WriteAsync(new byte[1]));
        Assert.Equal(Errno.EBADF, written.Errno);
        await stream.DisposeAsync();
        EvlException opened = await Assert.ThrowsAsync<EvlException>(async () => await t.OpenStreamAsync(fd));
        Assert.Equal(Errno.EBADF, opened.Errno);
    });

    [Fact]
    public Task Process_EndsDuringARead_TheReadFailsAndDisposeIsSilent() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, 8, 8);
        Stream stream = await t.OpenStreamAsync(fd);
        ValueTask<int> reading = stream.ReadAsync(new byte[8]);
        await s.UntilAsleep(t);
        await t.Process.ExitAsync();
        EvlException e = await Assert.ThrowsAsync<EvlException>(async () => await reading);
        Assert.Contains(e.Errno, new[] { Errno.EINTR, Errno.ESRCH });
        e = await Assert.ThrowsAsync<EvlException>(() => ReadSome(stream));
        Assert.Equal(Errno.ESRCH, e.Errno);
        await stream.DisposeAsync();
    });

    [Fact]
    public Task Machine_EndsDuringARead_TheReadFails() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, 8, 8);
        Stream stream = await t.OpenStreamAsync(fd);
        ValueTask<int> reading = stream.ReadAsync(new byte[8]);
        await s.UntilAsleep(t);
        await s.Machine.DisposeAsync();
        EvlException e = await Assert.ThrowsAsync<EvlException>(async () => await reading);
        Assert.Contains(e.Errno, new[] { Errno.EINTR, Errno.ESRCH });
        e = await Assert.ThrowsAsync<EvlException>(() => ReadSome(stream));
        Assert.Equal(Errno.ESRCH, e.Errno);
        await stream.DisposeAsync();
    });

    [Theory]
    [InlineData(8, 0, true, false)]
    [InlineData(0, 8, false, true)]
    [InlineData(8, 8, true, true)]
    public Task CanReadCanWrite_RingsOfACrossBuffer_AsTheyAre(int inbound, int outbound, bool canRead, bool canWrite) => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, inbound, outbound);
        await using Stream stream = await t.OpenStreamAsync(fd);
        Assert.Equal((canRead, canWrite, false), (stream.CanRead, stream.CanWrite, stream.CanSeek));
        if (!canRead)
            await Assert.ThrowsAsync<NotSupportedException>(() => ReadSome(stream));
        if (!canWrite)
            await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.WriteAsync(new byte[1]));
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.Length);
    });

    [Fact]
    public Task Pipe_WriterGone_TheStreamEnds() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] ends = new int[2];
        await t.PipeAsync(ends).OrThrow();
        await using Stream reader = await t.OpenStreamAsync(ends[0]);
        Stream writer = await t.OpenStreamAsync(ends[1]);
        Assert.Equal((true, false), (reader.CanRead, reader.CanWrite));
        Assert.Equal((false, true), (writer.CanRead, writer.CanWrite));
        await writer.WriteAsync("abc"u8.ToArray());
        await writer.DisposeAsync();
        byte[] buffer = new byte[8];
        Assert.Equal(3, await reader.ReadAtLeastAsync(buffer, 8, throwOnEndOfStream: false));
        Assert.Equal(0, await reader.ReadAsync(buffer));
    });

    [Fact]
    public Task Pipe_ReaderGone_Epipe() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.SigactionAsync(Signal.SIGPIPE, SigAction.Ignore).OrThrow();
        int[] ends = new int[2];
        await t.PipeAsync(ends).OrThrow();
        await t.CloseAsync(ends[0]).OrThrow();
        await using Stream writer = await t.OpenStreamAsync(ends[1]);
        EvlException e = await Assert.ThrowsAsync<EvlException>(async () => await writer.WriteAsync(new byte[3]));
        Assert.Equal(Errno.EPIPE, e.Errno);
    });

    [Fact]
    public Task File_CopiedIntoACrossBuffer_ArrivesWhole() => Play(async s =>
    {
        string text = string.Concat(Enumerable.Range(0, 50).Select(i => $"line {i}\n"));
        s.Machine.AddFile("/etc/lines", text);
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 16);
        UserThread copier = t.Process.CreateThread();
        Task copying = t.Process.Run(copier, async c =>
        {
            await using Stream file = await c.OpenStreamAsync(await c.OpenAsync("/etc/lines", OpenFlags.ReadOnly).OrThrow());
            await using Stream xbuf = await c.OpenStreamAsync(fd, leaveOpen: true);
            byte[] some = new byte[100];
            for (int n; (n = await file.ReadAsync(some)) > 0;)
                await xbuf.WriteAsync(some.AsMemory(0, n));
        });
        byte[] got = new byte[text.Length];
        for (int i = 0; i < got.Length; i++)
            Assert.Equal(1, await oob.OobReadAsync(fd, got.AsMemory(i, 1)));
        await copying;
        Assert.Equal(text, Encoding.ASCII.GetString(got));
    });

    private static async Task<int> ReadSome(Stream stream, CancellationToken cancellation = default) =>
        await stream.ReadAsync(new byte[8], cancellation);

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, int inbound, int outbound, OpenFlags flags = default)
    {
        UserThread oob = await s.OobThread(s.Machine.CreateProcess());
        UserThread inBand = oob.Process.CreateThread();
        int fd = await oob.CreateXbufAsync(null, inbound, outbound, flags).OrThrow();
        return (inBand, oob, fd);
    }
}
