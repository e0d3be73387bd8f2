using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using EvlActors.Behaviour;
using Xunit;

namespace EvlActors.Tests.Streams;

/// <summary>Streams in simulation: runs follow from their seed, with every invariant checked, and survive every fault.</summary>
public sealed class StreamExplorationTests
{
    private const int Seeds = 500;

    [Fact]
    public void PipesAndChannels_Explored_RepeatableAndNothingViolated() =>
        Exploration.Explore(SendAndReceive, Seeds).ThrowIfFailed();

    [Fact]
    public void LinesOfAPipeReader_Explored_RepeatableAndNothingViolated() =>
        Exploration.Explore(ReadLines, Seeds).ThrowIfFailed();

    [Fact]
    public void StreamOpenedWrittenDisposed_EveryFault_AnsweredAndNothingLeft() =>
        Faults.FailEach(OpenWriteDispose).ThrowIfFound();

    private static async Task OpenWriteDispose(SimulationScenario s)
    {
        UserThread thread = s.Machine.CreateProcess().CreateThread(name: "app");
        await thread.InitAsync().OrThrow();
        await using Stream stream = await thread.OpenStreamAsync(await thread.CreateXbufAsync(null, 8, 8).OrThrow());
        await stream.WriteAsync(new byte[8]);
    }

    private static async Task ReadLines(SimulationScenario s)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50, "oob");
        UserThread thread = app.CreateThread(name: "reader");
        await oob.AttachAsync().OrThrow();
        int fd = await thread.CreateXbufAsync(null, 8, 0).OrThrow();
        PipeReader reader = await thread.OpenPipeReaderAsync(fd);
        Task writing = app.Run(oob, async t =>
        {
            foreach (string part in new[] { "ab", "c\nde", "f\n" })
                await t.OobWriteAsync(fd, Encoding.ASCII.GetBytes(part)).OrThrow();
        });
        ReadResult read = await reader.ReadAtLeastAsync(8);
        Assert.Equal("abc\ndef\n", Encoding.ASCII.GetString(read.Buffer));
        reader.AdvanceTo(read.Buffer.End);
        await writing;
        await reader.CompleteAsync();
    }

    // Everything goes round: by pipe outwards, out-of-band back, and in by a channel.
    private static async Task SendAndReceive(SimulationScenario s)
    {
        const int count = 4;
        EvlProcess app = s.Machine.CreateProcess();
        UserThread mirror = app.CreateThread(SchedPolicy.Fifo, 50, "mirror");
        UserThread sender = app.CreateThread(name: "sender");
        UserThread receiver = app.CreateThread(name: "receiver");
        await mirror.AttachAsync().OrThrow();
        int fd = await sender.CreateXbufAsync(null, 2 * Sample.Bytes, 2 * Sample.Bytes).OrThrow();
        ChannelReader<Sample> reader = await receiver.OpenChannelReaderAsync<Sample>(fd);
        PipeWriter writer = await sender.OpenPipeWriterAsync(fd, leaveOpen: true);
        Task mirroring = app.Run(mirror, async t =>
        {
            byte[] bytes = new byte[Sample.Bytes];
            for (int i = 0; i < count; i++)
            {
                await t.OobReadAsync(fd, bytes).OrThrow();
                await t.OobWriteAsync(fd, bytes).OrThrow();
            }
        });
        Task sending = app.Run(sender, async _ =>
        {
            for (int i = 0; i < count; i++)
                writer.Write(Sample.Of(i).ToBytes());
            await writer.CompleteAsync();
        });
        for (int i = 0; i < count; i++)
            Assert.Equal(Sample.Of(i), await reader.ReadAsync());
        await sending;
        await mirroring;
        await sender.CloseAsync(fd).OrThrow();
    }
}
