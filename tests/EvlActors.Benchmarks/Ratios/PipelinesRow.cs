using System.Buffers;
using System.IO.Pipelines;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>write + oob_read of 64 bytes through a cross-buffer, beside a pipe of System.IO.Pipelines on the same thread.</summary>
internal sealed class PipelinesRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 10_000; // so that what the yardstick leaves in the caches is a small part
    private const int Bytes = 64;

    public string Name => "pipelines";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        var pipe = new Pipe();
        byte[] data = new byte[Bytes];
        UserBuffer buffer = data;
        int xbuf = thread.CreateXbuf(null, 65536, 65536).OrThrow();
        Comparison found = Measure.Compare(
            Samples,
            Rounds,
            () =>
            {
                thread.Write(xbuf, buffer).OrThrow();
                thread.OobRead(xbuf, buffer).OrThrow();
            },
            () => WriteAndRead(pipe, data));
        report.Ratio("pipelines-64 (xbuf / System.IO.Pipelines)", found.Measured, "ns", found.Ratio, 3);
    });

    private static void WriteAndRead(Pipe pipe, byte[] data)
    {
        pipe.Writer.Write(data);
        ValueTask<FlushResult> flushed = pipe.Writer.FlushAsync();
        if (!flushed.IsCompletedSuccessfully || !pipe.Reader.TryRead(out ReadResult read) || read.Buffer.Length != data.Length)
            throw new InvalidOperationException("The pipe did not pass the bytes on.");
        _ = flushed.Result;
        read.Buffer.CopyTo(data);
        pipe.Reader.AdvanceTo(read.Buffer.End);
    }
}
