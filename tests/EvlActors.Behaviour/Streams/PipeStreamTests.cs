using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Descriptors as <see cref="PipeReader"/> and <see cref="PipeWriter"/>: parsing, cancelling, completing.</summary>
public abstract class PipeStreamTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Read_LinesInPieces_ParsedAsUsual() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        PipeReader reader = await t.OpenPipeReaderAsync(fd);
        Task writing = oob.Process.Run(oob, async w =>
        {
            foreach (string piece in new[] { "al", "pha\nbe", "ta\n", "gamma\n" })
                await w.OobWriteAsync(fd, Encoding.ASCII.GetBytes(piece)).OrThrow();
        });
        var lines = new List<string>();
        while (lines.Count < 3)
        {
            ReadResult read = await reader.ReadAsync();
            ReadOnlySequence<byte> rest = read.Buffer;
            for (SequencePosition? end; (end = rest.PositionOf((byte)'\n')) is not null; rest = rest.Slice(rest.GetPosition(1, end.Value)))
                lines.Add(Encoding.ASCII.GetString(rest.Slice(0, end.Value)));
            reader.AdvanceTo(rest.Start, rest.End);
        }
        await writing;
        Assert.Equal(["alpha", "beta", "gamma"], lines);
        await reader.CompleteAsync();
        Assert.Equal(Errno.EBADF, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Errno);
    });

    [Fact]
    public Task CancelPendingRead_Asleep_CancelledResultAndNoByteLost() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        PipeReader reader = await t.OpenPipeReaderAsync(fd, leaveOpen: true);
        ValueTask<ReadResult> reading = reader.ReadAsync();
        await s.UntilAsleep(t);
        reader.CancelPendingRead();
        ReadResult cancelled = await reading;
        Assert.True(cancelled.IsCanceled);
        Assert.True(cancelled.Buffer.IsEmpty);
        reader.AdvanceTo(cancelled.Buffer.Start);
        await oob.OobWriteAsync(fd, "abc"u8.ToArray()).OrThrow();
        ReadResult read = await reader.ReadAsync();
        Assert.False(read.IsCanceled || read.IsCompleted);
        Assert.Equal("abc"u8.ToArray(), read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
        await reader.CompleteAsync();
        await t.FcntlAsync(fd, FcntlCommand.GetFl).OrThrow();
    });

    [Fact]
    public Task Read_WriterOfThePipeGone_Completed() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int[] ends = new int[2];
        await t.PipeAsync(ends).OrThrow();
        PipeReader reader = await t.OpenPipeReaderAsync(ends[0]);
        PipeWriter writer = await t.OpenPipeWriterAsync(ends[1]);
        "abc"u8.CopyTo(writer.GetSpan(3));
        writer.Advance(3);
        await writer.CompleteAsync(); // flushes, closes
        ReadResult read = await reader.ReadAtLeastAsync(8);
        Assert.True(read.IsCompleted);
        Assert.Equal("abc"u8.ToArray(), read.Buffer.ToArray());
        await reader.CompleteAsync();
        Assert.Equal(Errno.EBADF, (await t.FcntlAsync(ends[1], FcntlCommand.GetFl)).Errno);
    });

    [Fact]
    public Task Flush_MoreThanTheRing_WrittenInOrder() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 8);
        PipeWriter writer = await t.OpenPipeWriterAsync(fd);
        byte[] sent = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        Task writing = t.Process.Run(t, async _ =>
        {
            writer.Write(sent.AsSpan(0, 10)); // as any IBufferWriter<byte>
            FlushResult flushed = await writer.WriteAsync(sent.AsMemory(10));
            Assert.False(flushed.IsCanceled || flushed.IsCompleted);
        });
        Assert.Equal(sent, await Drain(oob, fd, sent.Length));
        await writing;
        Assert.Equal(0, writer.UnflushedBytes);
        await writer.CompleteAsync();
    });

    [Fact]
    public Task CancelPendingFlush_InTheMiddle_TheNextGoesOnBehindIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 4);
        PipeWriter writer = await t.OpenPipeWriterAsync(fd);
        ValueTask<FlushResult> flushing = writer.WriteAsync("abcdefghij"u8.ToArray());
        await s.UntilAsleep(t); // with the second part
        Assert.Throws<InvalidOperationException>(() => writer.GetMemory());
        writer.CancelPendingFlush();
        Assert.True((await flushing).IsCanceled);
        Assert.Equal(6, writer.UnflushedBytes);
        Task<FlushResult> next = writer.WriteAsync("kl"u8.ToArray()).AsTask();
        Assert.Equal("abcdefghijkl"u8.ToArray(), await Drain(oob, fd, 12));
        Assert.False((await next).IsCanceled);
        await writer.CompleteAsync();
        Assert.Throws<InvalidOperationException>(() => writer.GetMemory());
    });

    [Fact]
    public Task CancelPendingFlush_NonePending_CancelsTheNextOnly() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 4);
        PipeWriter writer = await t.OpenPipeWriterAsync(fd);
        writer.CancelPendingFlush();
        Assert.True((await writer.WriteAsync("ab"u8.ToArray())).IsCanceled);
        Assert.False((await writer.FlushAsync()).IsCanceled);
        Assert.Equal("ab"u8.ToArray(), await Drain(oob, fd, 2));
        await writer.CompleteAsync();
    });

    [Fact]
    public Task Flush_TokenCancelled_ThrowsAndKeepsTheRest() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 4);
        PipeWriter writer = await t.OpenPipeWriterAsync(fd, leaveOpen: true);
        using var cancelled = new CancellationTokenSource();
        ValueTask<FlushResult> flushing = writer.WriteAsync("abcdef"u8.ToArray(), cancelled.Token);
        await s.UntilAsleep(t);
        cancelled.Cancel();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flushing);
        Assert.Equal(cancelled.Token, e.CancellationToken);
        Task completing = writer.CompleteAsync().AsTask();
        Assert.Equal("abcdef"u8.ToArray(), await Drain(oob, fd, 6));
        await completing;
    });

    [Fact]
    public Task Complete_WithAnException_DropsWhatIsLeft() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 0, 4, OpenFlags.NonBlock);
        PipeWriter writer = await t.OpenPipeWriterAsync(fd, leaveOpen: true);
        writer.Write("ab"u8);
        await writer.CompleteAsync(new IOException("the source broke"));
        await writer.CompleteAsync();
        Assert.Equal(Errno.EAGAIN, (await oob.OobReadAsync(fd, new byte[1])).Errno);
    });

    [Fact]
    public Task Open_MissingRing_ArgumentException() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, inbound: 8, outbound: 0);
        await Assert.ThrowsAsync<ArgumentException>(async () => await t.OpenPipeWriterAsync(fd));
        int other = await t.CreateXbufAsync(null, 0, 8).OrThrow();
        await Assert.ThrowsAsync<ArgumentException>(async () => await t.OpenPipeReaderAsync(other));
    });

    private static async Task<byte[]> Drain(UserThread oob, int fd, int count)
    {
        byte[] got = new byte[count];
        for (int i = 0; i < count; i++)
            await oob.OobReadAsync(fd, got.AsMemory(i, 1)).OrThrow();
        return got;
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, int inbound, int outbound, OpenFlags flags = default)
    {
        UserThread oob = await s.OobThread(s.Machine.CreateProcess());
        UserThread inBand = oob.Process.CreateThread();
        int fd = await oob.CreateXbufAsync(null, inbound, outbound, flags).OrThrow();
        return (inBand, oob, fd);
    }
}
