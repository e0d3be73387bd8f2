using System.IO.Pipelines;
using System.Threading.Channels;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Streams;

/// <summary>Reading and writing through streams that are open allocates nothing, nor does waiting and being woken.</summary>
public sealed class StreamAllocationTests
{
    private const int Calls = 200;

    private readonly byte[] _bytes = new byte[Sample.Bytes];

    public static TheoryData<string> Kinds =>
        ["stream", "stream-blocking", "stream-token", "pipe-reader", "pipe-writer", "channel-reader", "channel-reader-try", "channel-writer", "channel-writer-try"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_OnAnOpenStream_NoAllocation(string kind)
    {
        await using EvlMachine machine = NewMachine();
        EvlProcess app = machine.CreateProcess();
        UserThread maker = app.CreateThread();
        await maker.InitAsync().OrThrow();
        int fd = await maker.CreateXbufAsync(null, 64, 64).OrThrow();
        UserThread thread = app.CreateThread();
        Stream stream = await thread.OpenStreamAsync(fd, leaveOpen: true);
        PipeReader pipeReader = await thread.OpenPipeReaderAsync(fd, leaveOpen: true);
        PipeWriter pipeWriter = await thread.OpenPipeWriterAsync(fd, leaveOpen: true);
        ChannelReader<Sample> reader = await thread.OpenChannelReaderAsync<Sample>(fd);
        ChannelWriter<Sample> writer = await thread.OpenChannelWriterAsync<Sample>(fd);
        using var cancellation = new CancellationTokenSource();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        long bytes = -1;
        await app.StartThread(oob, t =>
        {
            t.Attach().OrThrow();
            for (int i = 0; i < Calls; i++)
                Make(t);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                Make(t);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);

        void Make(UserThread t)
        {
            switch (kind)
            {
                case "stream":
                    Put(t, fd);
                    Expect(Sample.Bytes, Taken(stream.ReadAsync(_bytes)));
                    End(stream.WriteAsync(_bytes));
                    Get(t, fd);
                    break;
                case "stream-blocking":
                    Put(t, fd);
                    Expect(Sample.Bytes, stream.Read(_bytes, 0, Sample.Bytes));
                    stream.Write(_bytes, 0, Sample.Bytes);
                    Get(t, fd);
                    break;
                case "stream-token":
                    Put(t, fd);
                    Expect(Sample.Bytes, Taken(stream.ReadAsync(_bytes, cancellation.Token)));
                    End(stream.WriteAsync(_bytes, cancellation.Token));
                    Get(t, fd);
                    break;
                case "pipe-reader":
                    Put(t, fd);
                    ReadResult read = Taken(pipeReader.ReadAsync(cancellation.Token));
                    Expect(Sample.Bytes, (int)read.Buffer.Length);
                    pipeReader.AdvanceTo(read.Buffer.End);
                    break;
                case "pipe-writer":
                    _bytes.CopyTo(pipeWriter.GetSpan(Sample.Bytes));
                    pipeWriter.Advance(Sample.Bytes);
                    Taken(pipeWriter.FlushAsync(cancellation.Token));
                    Get(t, fd);
                    break;
                case "channel-reader":
                    Put(t, fd);
                    Taken(reader.ReadAsync(cancellation.Token));
                    Put(t, fd);
                    Expect(1, Taken(reader.WaitToReadAsync()) && reader.TryRead(out _) ? 1 : 0);
                    break;
                case "channel-reader-try":
                    Expect(0, reader.TryRead(out _) ? 1 : 0);
                    Put(t, fd);
                    while (!reader.TryRead(out _))
                        Taken(reader.WaitToReadAsync());
                    break;
                case "channel-writer":
                    End(writer.WriteAsync(Sample.Of(1), cancellation.Token));
                    Get(t, fd);
                    break;
                default:
                    while (!writer.TryWrite(Sample.Of(1)))
                        Taken(writer.WaitToWriteAsync());
                    Get(t, fd);
                    break;
            }
        }
    }

    [Fact]
    public async Task Read_ThatSleeps_NoAllocationByTheReader()
    {
        await using EvlMachine machine = NewMachine();
        EvlProcess app = machine.CreateProcess();
        UserThread maker = app.CreateThread();
        await maker.InitAsync().OrThrow();
        int fd = await maker.CreateXbufAsync(null, 64, 64).OrThrow();
        Stream stream = await app.CreateThread().OpenStreamAsync(fd, leaveOpen: true);
        using var cancellation = new CancellationTokenSource();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        long bytes = -1;
        await app.StartThread(oob, t =>
        {
            t.Attach().OrThrow();
            for (int i = 0; i < Calls; i++)
                Wake(t);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                Wake(t);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);

        // The ring is empty: the read sleeps, and is there when the write has woken it.
        void Wake(UserThread t)
        {
            ValueTask<int> reading = stream.ReadAsync(_bytes, cancellation.Token);
            Put(t, fd);
            Expect(Sample.Bytes, Taken(reading));
        }
    }

    private static EvlMachine NewMachine() =>
        new(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });

    private void Put(UserThread t, int fd) => Expect(Sample.Bytes, (int)t.OobWrite(fd, _bytes).Value);

    private void Get(UserThread t, int fd) => Expect(Sample.Bytes, (int)t.OobRead(fd, _bytes).Value);

    // Spins where another thread of the engine has the answer: an await, or a wait for a task, would allocate here.
    private static T Taken<T>(ValueTask<T> call)
    {
        while (!call.IsCompleted)
            Thread.SpinWait(10);
        return call.GetAwaiter().GetResult();
    }

    private static void End(ValueTask call)
    {
        while (!call.IsCompleted)
            Thread.SpinWait(10);
        call.GetAwaiter().GetResult();
    }

    private static void Expect(int expected, int result)
    {
        if (result != expected)
            throw new InvalidOperationException($"{result} instead of {expected}");
    }
}
