using System.Threading.Channels;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Descriptors as channels of messages: what <see cref="ChannelReader{T}"/> and <see cref="ChannelWriter{T}"/> promise, kept.</summary>
public abstract class ChannelStreamTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task ReadAll_MessagesFromOutOfBand_EachWholeAndInOrder() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 3 * Sample.Bytes - 1, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        Task writing = oob.Process.Run(oob, async w =>
        {
            for (int i = 0; i < 20; i++)
                await w.OobWriteAsync(fd, Sample.Of(i).ToBytes()).OrThrow();
        });
        int next = 0;
        await foreach (Sample sample in reader.ReadAllAsync())
        {
            Assert.Equal(Sample.Of(next), sample);
            if (++next == 20)
                break;
        }
        await writing;
    });

    [Fact]
    public Task WaitToReadThenTryRead_TheUsualLoop_GetsEveryMessage() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 2 * Sample.Bytes, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        Task writing = oob.Process.Run(oob, async w =>
        {
            for (int i = 0; i < 10; i++)
                await w.OobWriteAsync(fd, Sample.Of(i).ToBytes()).OrThrow();
        });
        int next = 0;
        while (next < 10 && await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out Sample sample))
                Assert.Equal(Sample.Of(next++), sample);
        }
        await writing;
        Assert.Equal(10, next);
    });

    [Fact]
    public Task TryRead_NothingThere_FalseAndNothingSleeps() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        Assert.False(reader.TryRead(out Sample none));
        Assert.Equal(default, none);
        await oob.OobWriteAsync(fd, Sample.Of(7).ToBytes()).OrThrow();
        Assert.Equal(Sample.Of(7), await reader.ReadAsync());
        Assert.DoesNotContain(s.Of(MachineEventKind.CallAsleep), e => e.Tid == t.Tid);
    });

    [Fact]
    public Task TryRead_MessageThere_HasItAtOnceOrSoon() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 16, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        await oob.OobWriteAsync(fd, Sample.Of(1).ToBytes()).OrThrow();
        await oob.OobWriteAsync(fd, Sample.Of(2).ToBytes()).OrThrow();
        foreach (int number in new[] { 1, 2 })
        {
            Sample got;
            while (!reader.TryRead(out got))
                await oob.GetpidAsync(); // lets the machine go on
            Assert.Equal(Sample.Of(number), got);
        }
    });

    [Fact]
    public Task Read_Cancelled_ConsumesNothing() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        using var cancelled = new CancellationTokenSource();
        ValueTask<bool> waiting = reader.WaitToReadAsync(cancelled.Token);
        await s.UntilAsleep(t);
        Assert.False(reader.TryRead(out _));
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(cancelled.Token));
        await oob.OobWriteAsync(fd, Sample.Of(7).ToBytes()).OrThrow();
        Assert.Equal(Sample.Of(7), await reader.ReadAsync());
        Assert.False(reader.Completion.IsCompleted);
    });

    [Fact]
    public Task Read_MessageWrittenInParts_PutTogetherAcrossACancellation() => Play(async s =>
    {
        // A pipe gives a reader what is there, so a part is taken before the read is cancelled.
        UserThread t = s.Machine.CreateProcess().CreateThread();
        UserThread writer = t.Process.CreateThread();
        int[] ends = new int[2];
        await t.PipeAsync(ends).OrThrow();
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(ends[0]);
        byte[] bytes = Sample.Of(7).ToBytes();
        await writer.WriteAsync(ends[1], bytes.AsMemory(0, 3)).OrThrow();
        using var cancelled = new CancellationTokenSource();
        ValueTask<Sample> reading = reader.ReadAsync(cancelled.Token);
        await s.UntilAsleep(t);
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        await writer.WriteAsync(ends[1], bytes.AsMemory(3)).OrThrow();
        Assert.Equal(Sample.Of(7), await reader.ReadAsync());
    });

    [Fact]
    public Task Read_PartOfAMessageInTheRing_LeftThereUntilItIsWhole() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 16, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        byte[] bytes = Sample.Of(7).ToBytes();
        await oob.OobWriteAsync(fd, bytes.AsMemory(0, 3)).OrThrow();
        Assert.False(reader.TryRead(out _));
        ValueTask<Sample> reading = reader.ReadAsync();
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(fd, bytes.AsMemory(3)).OrThrow();
        Assert.Equal(Sample.Of(7), await reading);
    });

    [Fact]
    public Task Completion_PipeEnds_CompletesOrSaysThatAMessageIsMissing() => Play(async s =>
    {
        foreach (int part in new[] { 0, 3 })
        {
            UserThread t = s.Machine.CreateProcess().CreateThread();
            int[] ends = new int[2];
            await t.PipeAsync(ends).OrThrow();
            ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(ends[0]);
            await t.WriteAsync(ends[1], (byte[])[.. Sample.Of(1).ToBytes(), .. Sample.Of(2).ToBytes()[..part]]).OrThrow();
            await t.CloseAsync(ends[1]).OrThrow();
            Assert.Equal(Sample.Of(1), await reader.ReadAsync());
            if (part == 0)
            {
                Assert.False(await reader.WaitToReadAsync());
                await reader.Completion;
                ChannelClosedException closed = await Assert.ThrowsAsync<ChannelClosedException>(async () => await reader.ReadAsync());
                Assert.Null(closed.InnerException);
                await foreach (Sample _ in reader.ReadAllAsync())
                    Assert.Fail("It has ended.");
            }
            else
            {
                await Assert.ThrowsAsync<EndOfStreamException>(async () => await reader.WaitToReadAsync());
                await Assert.ThrowsAsync<EndOfStreamException>(() => reader.Completion);
                ChannelClosedException closed = await Assert.ThrowsAsync<ChannelClosedException>(async () => await reader.ReadAsync());
                Assert.IsType<EndOfStreamException>(closed.InnerException);
            }
            Assert.False(reader.TryRead(out _));
        }
    });

    [Fact]
    public Task Completion_DescriptorClosed_FaultsWithItsErrno() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
        await oob.CloseAsync(fd).OrThrow();
        ChannelClosedException read = await Assert.ThrowsAsync<ChannelClosedException>(async () => await reader.ReadAsync());
        Assert.Equal(Errno.EBADF, Assert.IsType<EvlException>(read.InnerException).Errno);
        EvlException completed = await Assert.ThrowsAsync<EvlException>(() => reader.Completion);
        Assert.Equal(Errno.EBADF, completed.Errno);
        await Assert.ThrowsAsync<EvlException>(async () => await reader.WaitToReadAsync());
        ChannelClosedException written = await Assert.ThrowsAsync<ChannelClosedException>(async () => await writer.WriteAsync(Sample.Of(1)));
        Assert.Equal(Errno.EBADF, Assert.IsType<EvlException>(written.InnerException).Errno);
        Assert.False(writer.TryWrite(Sample.Of(1)));
        Assert.False(writer.TryComplete());
        await Assert.ThrowsAsync<EvlException>(async () => await writer.WaitToWriteAsync());
    });

    [Fact]
    public Task Completion_ProcessEndsDuringARead_Faults() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, 8, 8);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        ValueTask<bool> waiting = reader.WaitToReadAsync();
        await s.UntilAsleep(t);
        await t.Process.ExitAsync();
        EvlException e = await Assert.ThrowsAsync<EvlException>(async () => await waiting);
        Assert.Contains(e.Errno, new[] { Errno.EINTR, Errno.ESRCH });
        e = await Assert.ThrowsAsync<EvlException>(async () => await reader.WaitToReadAsync());
        Assert.Equal(Errno.ESRCH, e.Errno);
        await Assert.ThrowsAsync<EvlException>(() => reader.Completion);
    });

    [Fact]
    public Task SecondReader_OneUnderWay_ThrowsAndHarmsNothing() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 8, outbound: 0);
        ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
        ValueTask<Sample> reading = reader.ReadAsync();
        await s.UntilAsleep(t);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.WaitToReadAsync());
        Assert.False(reader.TryRead(out _));
        await oob.OobWriteAsync(fd, Sample.Of(7).ToBytes()).OrThrow();
        Assert.Equal(Sample.Of(7), await reading);
    });

    [Fact]
    public Task Write_RingFull_WaitsAndIsReadWhole() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 2 * Sample.Bytes);
        ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
        Task writing = t.Process.Run(t, async _ =>
        {
            for (int i = 0; i < 20; i++)
                await writer.WriteAsync(Sample.Of(i));
            writer.Complete();
        });
        byte[] got = new byte[Sample.Bytes];
        for (int i = 0; i < 20; i++)
        {
            await oob.OobReadAsync(fd, got).OrThrow();
            Assert.Equal(Sample.Of(i).ToBytes(), got);
        }
        await writing;
        Assert.False(await writer.WaitToWriteAsync());
        Assert.False(writer.TryComplete());
        Assert.Null((await Assert.ThrowsAsync<ChannelClosedException>(async () => await writer.WriteAsync(Sample.Of(0)))).InnerException);
    });

    [Fact]
    public Task WaitToWriteThenTryWrite_TheUsualLoop_WritesEveryMessageOnce() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: 2 * Sample.Bytes);
        ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
        Task writing = t.Process.Run(t, async _ =>
        {
            int next = 0;
            while (next < 20 && await writer.WaitToWriteAsync())
            {
                while (next < 20 && writer.TryWrite(Sample.Of(next)))
                    next++;
            }
        });
        byte[] got = new byte[Sample.Bytes];
        for (int i = 0; i < 20; i++)
        {
            await oob.OobReadAsync(fd, got).OrThrow();
            Assert.Equal(Sample.Of(i).ToBytes(), got);
        }
        await writing;
    });

    [Fact]
    public Task TryWrite_RingFull_HoldsOneMessageAndRefusesTheNext() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: Sample.Bytes);
        ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
        await writer.WriteAsync(Sample.Of(0));
        Assert.True(writer.TryWrite(Sample.Of(1)));
        await s.UntilAsleep(t);
        Assert.False(writer.TryWrite(Sample.Of(2)));
        using var cancelled = new CancellationTokenSource();
        ValueTask<bool> waiting = writer.WaitToWriteAsync(cancelled.Token);
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        t.Unblock(); // what was accepted is written all the same
        writer.Complete();
        byte[] got = new byte[Sample.Bytes];
        foreach (int number in new[] { 0, 1 })
        {
            await oob.OobReadAsync(fd, got).OrThrow();
            Assert.Equal(Sample.Of(number).ToBytes(), got);
        }
        Assert.False(await writer.WaitToWriteAsync());
    });

    [Fact]
    public Task Write_Cancelled_NothingIsWritten() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, inbound: 0, outbound: Sample.Bytes);
        ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
        await writer.WriteAsync(Sample.Of(0));
        using var cancelled = new CancellationTokenSource();
        ValueTask writing = writer.WriteAsync(Sample.Of(1), cancelled.Token);
        await s.UntilAsleep(t);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(Sample.Of(9)));
        Assert.False(writer.TryWrite(Sample.Of(9)));
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writing);
        Task next = writer.WriteAsync(Sample.Of(2)).AsTask();
        byte[] got = new byte[Sample.Bytes];
        foreach (int number in new[] { 0, 2 })
        {
            await oob.OobReadAsync(fd, got).OrThrow();
            Assert.Equal(Sample.Of(number).ToBytes(), got);
        }
        await next;
    });

    [Fact]
    public Task Open_RingSmallerThanAMessage_RefusedWithBothSizes() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, inbound: 7, outbound: 7);
        ArgumentException reader = await Assert.ThrowsAsync<ArgumentException>(async () => await t.OpenChannelReaderAsync<Sample>(fd));
        Assert.Contains($"A message of type Sample has 8 bytes, the inbound ring of descriptor {fd} holds 7", reader.Message, StringComparison.Ordinal);
        ArgumentException writer = await Assert.ThrowsAsync<ArgumentException>(async () => await t.OpenChannelWriterAsync<Sample>(fd));
        Assert.Contains("outbound ring", writer.Message, StringComparison.Ordinal);
        await t.OpenChannelReaderAsync<int>(fd);
        await t.OpenChannelWriterAsync<int>(fd);
        int oneWay = await t.CreateXbufAsync(null, 8, 0).OrThrow();
        await Assert.ThrowsAsync<ArgumentException>(async () => await t.OpenChannelWriterAsync<int>(oneWay));
        EvlException closed = await Assert.ThrowsAsync<EvlException>(async () => await t.OpenChannelReaderAsync<int>(99));
        Assert.Equal(Errno.EBADF, closed.Errno);
    });

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, int inbound, int outbound)
    {
        UserThread oob = await s.OobThread(s.Machine.CreateProcess());
        UserThread inBand = oob.Process.CreateThread();
        int fd = await oob.CreateXbufAsync(null, inbound, outbound).OrThrow();
        return (inBand, oob, fd);
    }
}
