namespace Latmus.Tests;

public sealed class HistogramFileTests : IDisposable
{
    private readonly LatencyTotals _totals = new();
    private readonly StringWriter _to = new() { NewLine = "\n" };

    public void Dispose() => _to.Dispose();

    [Fact]
    public void Write_EverythingKnown_CommentsThenCells()
    {
        _totals.Add(new(4000, 205, 3510, 2, 4), TimeSpan.FromSeconds(47));
        HistogramHeader header = Header() with
        {
            System = "Linux version 6.1",
            CommandLine = "latmus -g\nfile",
            Library = "0.1.0",
            Gravity = "0i 0k 0u",
            ClockSource = "tsc",
            Vdso = "architected",
            CStateRestricted = true,
            Switches = 3,
        };

        HistogramFile.Write(_to, header, new LatencyHistogram([0, 2, 0, 2, 0]));

        Assert.Equal(
            """
            # test started on: Fri Jan  3 15:36:04 2020
            # Linux version 6.1
            # latmus -g file
            # EvlActors version: 0.1.0
            # sampling period: 1000 microseconds
            # clock gravity: 0i 0k 0u
            # clocksource: tsc
            # vDSO access: architected
            # context: user
            # thread priority: 98
            # thread affinity: CPU1-noisol
            # C-state restricted
            # duration (hhmmss): 00:01:12
            # peak (hhmmss): 00:00:47
            # OVERRUNS: 2
            # IN-BAND SWITCHES: 3
            # min latency: 0.205
            # avg latency: 1.000
            # max latency: 3.510
            # sample count: 4
            1 2
            2 0
            3 2

            """,
            _to.ToString());
    }

    [Fact]
    public void Write_LittleKnown_LinesLeftOut()
    {
        _totals.Add(new(1000, 1000, 1000, 0, 1), TimeSpan.Zero);

        HistogramFile.Write(_to, Header("-i"), new LatencyHistogram([0, 1]));

        Assert.Equal(
            """
            # test started on: Fri Jan  3 15:36:04 2020
            # sampling period: 1000 microseconds
            # context: irq
            # duration (hhmmss): 00:01:12
            # peak (hhmmss): 00:00:00
            # min latency: 1.000
            # avg latency: 1.000
            # max latency: 1.000
            # sample count: 1
            1 1

            """,
            _to.ToString());
    }

    [Fact]
    public void Write_MaxBeyondCells_PlusAfterLastIndex()
    {
        _totals.Add(new(8000, 1000, 5000, 0, 3), TimeSpan.Zero);

        HistogramFile.Write(_to, Header(), new LatencyHistogram([0, 2, 0, 1]));

        Assert.EndsWith("\n1 2\n2 0\n3+ 1\n", _to.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingMeasured_Nothing()
    {
        HistogramFile.Write(_to, Header(), new LatencyHistogram(5));

        Assert.Empty(_to.ToString());
    }

    [Fact]
    public void Create_FileExists_Throws()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Throws<IOException>(() => HistogramFile.Create(path));
            File.Delete(path);
            HistogramFile.Create(path).Dispose();
            Assert.True(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private HistogramHeader Header(params string[] arguments) => new()
    {
        Started = new DateTimeOffset(2020, 1, 3, 15, 36, 4, TimeSpan.Zero),
        Options = LatmusCommandLine.Parse(arguments),
        Cpu = 1,
        Duration = TimeSpan.FromSeconds(72),
        Totals = _totals,
    };
}
