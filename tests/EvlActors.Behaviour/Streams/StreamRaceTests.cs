using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Streams against cancellations, closes and each other, in whatever order these come: no byte is lost, doubled or torn.</summary>
public abstract class StreamRaceTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task CancelledReads_AgainstWrites_EveryByteOnceAndInOrder() => Play(async s =>
    {
        const int total = 40;
        (EvlProcess app, int fd) = await Start(s, inbound: 5, outbound: 0);
        UserThread writer = await s.OobThread(app);
        var gate = new Canceller();
        Task writing = app.Run(writer, async t =>
        {
            for (int i = 0; i < total; i++)
                await t.OobWriteAsync(fd, new[] { (byte)i }).OrThrow();
        });
        Task cancelling = CancelAgainAndAgain(app, gate);
        var got = new List<byte>();
        await app.Run(app.CreateThread(), async t =>
        {
            await using Stream stream = await t.OpenStreamAsync(fd, leaveOpen: true);
            byte[] buffer = new byte[3];
            while (got.Count < total)
            {
                try
                {
                    int n = await stream.ReadAsync(buffer, gate.Next());
                    got.AddRange(buffer[..n]);
                }
                catch (OperationCanceledException)
                {
                    gate.Count();
                }
            }
        });
        gate.End();
        await writing;
        await cancelling;
        Assert.Equal(Enumerable.Range(0, total).Select(i => (byte)i), got);
    });

    [Fact]
    public Task CancelledFlushes_AgainstReads_EveryByteOnceAndInOrder() => Play(async s =>
    {
        const int total = 60;
        (EvlProcess app, int fd) = await Start(s, inbound: 0, outbound: 4);
        UserThread reader = await s.OobThread(app);
        var gate = new Canceller();
        byte[] got = new byte[total];
        Task reading = app.Run(reader, async t =>
        {
            for (int i = 0; i < total; i++)
                await t.OobReadAsync(fd, got.AsMemory(i, 1)).OrThrow();
        });
        Task cancelling = CancelAgainAndAgain(app, gate);
        await app.Run(app.CreateThread(), async t =>
        {
            PipeWriter writer = await t.OpenPipeWriterAsync(fd, leaveOpen: true);
            for (int i = 0; i < total; i += 10)
            {
                Span<byte> ten = writer.GetSpan(10);
                for (int j = 0; j < 10; j++)
                    ten[j] = (byte)(i + j);
                writer.Advance(10);
                do
                {
                    try
                    {
                        CancellationToken token = gate.Next(writer.CancelPendingFlush);
                        if ((await writer.FlushAsync(token)).IsCanceled)
                            gate.Count();
                    }
                    catch (OperationCanceledException)
                    {
                        gate.Count();
                    }
                }
                while (writer.UnflushedBytes > 0);
            }
            gate.End();
            await writer.CompleteAsync();
        });
        await reading;
        await cancelling;
        Assert.Equal(Enumerable.Range(0, total).Select(i => (byte)i), got);
    });

    [Fact]
    public Task TwoChannelReaders_AgainstTwoWriters_NoMessageTornLostOrDoubled() => Play(async s =>
    {
        const int each = 12;
        (EvlProcess app, int fd) = await Start(s, inbound: 3 * Sample.Bytes + 5, outbound: 0);
        var got = new ConcurrentBag<Sample>();
        var gate = new Canceller();
        Task[] writing = [.. await Writers(s, app, fd, each)];
        Task cancelling = CancelAgainAndAgain(app, gate);
        Task[] reading =
        [
            .. Enumerable.Range(0, 2).Select(_ => app.Run(app.CreateThread(), async t =>
            {
                ChannelReader<Sample> reader = await t.OpenChannelReaderAsync<Sample>(fd);
                for (int i = 0; i < each;)
                {
                    try
                    {
                        if (reader.TryRead(out Sample sample))
                            got.Add(sample);
                        else
                            got.Add(await reader.ReadAsync(gate.Next()));
                        i++;
                    }
                    catch (OperationCanceledException)
                    {
                        gate.Count();
                    }
                }
            })),
        ];
        await Task.WhenAll(reading);
        gate.End();
        await Task.WhenAll(writing);
        await cancelling;
        Assert.All(got, sample => Assert.True(sample.IsWhole, $"{sample} is torn."));
        Assert.Equal(Enumerable.Range(0, 2 * each), got.Select(sample => sample.Number).Order());
    });

    [Fact]
    public Task TwoChannelWriters_CancelledAndTried_NoMessageTornLostOrDoubled() => Play(async s =>
    {
        const int each = 12;
        (EvlProcess app, int fd) = await Start(s, inbound: 0, outbound: 2 * Sample.Bytes + 3);
        UserThread oob = await s.OobThread(app);
        var gate = new Canceller();
        Task cancelling = CancelAgainAndAgain(app, gate);
        Task[] writing =
        [
            .. Enumerable.Range(0, 2).Select(which => app.Run(app.CreateThread(), async t =>
            {
                ChannelWriter<Sample> writer = await t.OpenChannelWriterAsync<Sample>(fd);
                for (int i = 0; i < each;)
                {
                    Sample sample = Sample.Of(which * each + i);
                    try
                    {
                        if (i % 2 == 0 || !writer.TryWrite(sample))
                            await writer.WriteAsync(sample, gate.Next());
                        i++;
                    }
                    catch (OperationCanceledException)
                    {
                        gate.Count();
                    }
                }
                await writer.WaitToWriteAsync();
            })),
        ];
        var got = new List<Sample>();
        byte[] bytes = new byte[Sample.Bytes];
        for (int i = 0; i < 2 * each; i++)
        {
            Assert.Equal(Sample.Bytes, await oob.OobReadAsync(fd, bytes));
            got.Add(new Sample(BitConverter.ToInt32(bytes), BitConverter.ToInt32(bytes, sizeof(int))));
        }
        await Task.WhenAll(writing);
        gate.End();
        await cancelling;
        Assert.All(got, sample => Assert.True(sample.IsWhole, $"{sample} is torn."));
        Assert.Equal(Enumerable.Range(0, 2 * each), got.Select(sample => sample.Number).Order());
        // Each writer's messages are in its order.
        Assert.Equal(Enumerable.Range(0, each), got.Select(sample => sample.Number).Where(number => number < each));
    });

    [Fact]
    public Task Close_AgainstAReader_ItEndsWithWhatWasThereOrEbadf() => Play(async s =>
    {
        (EvlProcess app, int fd) = await Start(s, inbound: 4, outbound: 0);
        UserThread oob = await s.OobThread(app);
        var got = new List<byte>();
        using var stop = new CancellationTokenSource();
        Task<Exception?> reading = Fails(app, async t =>
        {
            await using Stream stream = await t.OpenStreamAsync(fd);
            byte[] buffer = new byte[4];
            while (true)
            {
                int n = await stream.ReadAsync(buffer, stop.Token);
                got.AddRange(buffer[..n]);
            }
        });
        int written = 0;
        Task writing = app.Run(oob, async t =>
        {
            while (written < 8 && await t.OobWriteAsync(fd, new[] { (byte)written }) is { IsSuccess: true })
                written++;
        });
        UserThread closer = app.CreateThread();
        await closer.CloseAsync(fd).OrThrow();
        await writing;
        // A sleeping reader holds the file: the close does not wake it, a cancellation does.
        stop.Cancel();
        Exception? end = await reading;
        Assert.True(end is EvlException { Errno: Errno.EBADF } or OperationCanceledException, $"{end}");
        Assert.Equal(Enumerable.Range(0, got.Count).Select(i => (byte)i), got);
        Assert.True(got.Count <= written, $"{got.Count} read, {written} written");
        Assert.Equal(Errno.EBADF, (await closer.FcntlAsync(fd, FcntlCommand.GetFl)).Errno);
    });

    private static async Task<(EvlProcess App, int Fd)> Start(Scenario s, int inbound, int outbound)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread maker = await s.OobThread(app);
        return (app, await maker.CreateXbufAsync(null, inbound, outbound).OrThrow());
    }

    private static async Task<IEnumerable<Task>> Writers(Scenario s, EvlProcess app, int fd, int each)
    {
        UserThread[] threads = [await s.OobThread(app, 40), await s.OobThread(app, 60)];
        return threads.Select((thread, which) => app.Run(thread, async t =>
        {
            for (int i = 0; i < each; i++)
                await t.OobWriteAsync(fd, Sample.Of(which * each + i).ToBytes()).OrThrow();
        }));
    }

    private static async Task<Exception?> Fails(EvlProcess app, Func<UserThread, Task> body)
    {
        Exception? failure = null;
        await app.Run(app.CreateThread(), async t =>
        {
            try
            {
                await body(t);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                failure = e;
            }
        });
        return failure;
    }

    // A body of its own that cancels whatever is under way, with a system call between: the engine decides what it meets.
    private static Task CancelAgainAndAgain(EvlProcess app, Canceller gate) => app.Run(app.CreateThread(), async t =>
    {
        while (!gate.HasEnded)
        {
            await t.GetpidAsync();
            gate.Cancel();
        }
    });

    /// <summary>The token of the call under way. So many cancellations are met, then none any more: the scenario ends.</summary>
    private sealed class Canceller
    {
        private const int Most = 30;

        private readonly Lock _gate = new();
        private readonly List<CancellationTokenSource> _sources = [];
        private Action? _other;
        private int _met;
        private int _turn;

        internal bool HasEnded { get; private set; }

        internal CancellationToken Next(Action? other = null)
        {
            lock (_gate)
            {
                if (_met >= Most)
                    return default;
                var source = new CancellationTokenSource();
                _sources.Add(source);
                _other = other;
                return source.Token;
            }
        }

        internal void Count()
        {
            lock (_gate)
                _met++;
        }

        internal void End() => HasEnded = true;

        internal void Cancel()
        {
            CancellationTokenSource[] sources;
            Action? other;
            lock (_gate)
            {
                sources = [.. _sources];
                _sources.Clear();
                other = _met < Most && ++_turn % 2 == 0 ? _other : null;
            }
            // Every other time by the writer's own way, if it has one.
            if (other is not null)
                other();
            else
                Array.ForEach(sources, source => source.Cancel());
        }
    }
}
