using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using EvlActors.Engine;
using EvlActors.Tests.Architecture;
using Xunit;

namespace EvlActors.Tests.Docs;

internal readonly record struct Reading(long TimeNs, double Degrees);

internal readonly record struct Setpoint(double Degrees);

/// <summary>The code of docs/streams.md, compiled and run.</summary>
public sealed class StreamsGuide
{
    [Fact]
    public void Page_CodeBlocks_StandHere()
    {
        string here = Unindented(Repository.Read("tests/EvlActors.Tests/Docs/StreamsGuide.cs"));
        string[] blocks = [.. Repository.Read("docs/streams.md").Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];
        Assert.Equal(6, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(Unindented(block), here, StringComparison.Ordinal));
    }

    [Fact]
    public Task Lines_OfAStreamReader() => Play(async (reader, oob, xbuf, stopping) =>
    {
        await oob.OobWriteAsync(xbuf, "one\ntwo\n"u8.ToArray(), stopping).OrThrow();
        await using Stream stream = await reader.OpenStreamAsync(xbuf);
        using var lines = new StreamReader(stream);
        string? first = await lines.ReadLineAsync(stopping);
        Assert.Equal("one", first);
        Assert.Equal("two", await lines.ReadLineAsync(stopping));
    });

    [Fact]
    public Task Lines_OfAPipeReader() => Play(async (reader, oob, xbuf, stopping) =>
    {
        await oob.OobWriteAsync(xbuf, "one\ntwo\n"u8.ToArray(), stopping).OrThrow();
        PipeReader input = await reader.OpenPipeReaderAsync(xbuf);
        ReadResult result = await input.ReadAsync(stopping);
        SequencePosition? end = result.Buffer.PositionOf((byte)'\n');
        Assert.Equal("one", Encoding.ASCII.GetString(result.Buffer.Slice(0, end!.Value)));
        await input.CompleteAsync();
    });

    [Fact]
    public Task Log_OfAStreamWriter() => Play(async (logger, oob, xbuf, stopping) =>
    {
        await logger.Process.StartThread(logger, _ =>
        {
            using var log = new StreamWriter(logger.OpenStream(xbuf, leaveOpen: true)) { AutoFlush = true };
            log.WriteLine("calibrated");
        });
        byte[] line = new byte["calibrated\n".Length];
        await oob.OobReadAsync(xbuf, line, stopping).OrThrow();
        Assert.Equal("calibrated\n", Encoding.UTF8.GetString(line));
    });

    [Fact]
    public Task Messages_OfChannels() => Play(async (reader, oob, xbuf, _) =>
    {
        using var stop = new CancellationTokenSource();
        CancellationToken stopping = stop.Token;
        var Console = new FirstLine(stop); // the page's
        byte[] bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes.AsSpan(8), 20.5);
        await oob.OobWriteAsync(xbuf, bytes, stopping).OrThrow();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            ChannelReader<Reading> readings = await reader.OpenChannelReaderAsync<Reading>(xbuf);
            await foreach (Reading reading in readings.ReadAllAsync(stopping))
                Console.WriteLine(reading.Degrees);
        });
        Assert.Equal(20.5, Console.Value);
    });

    [Fact]
    public Task Messages_ToTheOutOfBandSide() => Play(async (writer, oob, xbuf, stopping) =>
    {
        ChannelWriter<Setpoint> setpoints = await writer.OpenChannelWriterAsync<Setpoint>(xbuf);
        await setpoints.WriteAsync(new Setpoint(21.5), stopping);
        byte[] bytes = new byte[8];
        await oob.OobReadAsync(xbuf, bytes, stopping).OrThrow();
        Assert.Equal(21.5, BitConverter.ToDouble(bytes));
    });

    private static async Task Play(Func<UserThread, UserThread, int, CancellationToken, Task> play)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        EvlProcess app = machine.CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        await oob.AttachAsync().OrThrow();
        int xbuf = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        await play(app.CreateThread(), oob, xbuf, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static string Unindented(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    // Cancels when it has a line.
    private sealed class FirstLine(CancellationTokenSource stop)
    {
        internal double Value { get; private set; }

        internal void WriteLine(double value)
        {
            Value = value;
            stop.Cancel();
        }
    }
}
