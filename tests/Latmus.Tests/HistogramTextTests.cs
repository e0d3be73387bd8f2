namespace Latmus.Tests;

public sealed class HistogramTextTests : IDisposable
{
    private readonly StringWriter _to = new() { NewLine = "\n" };

    public void Dispose() => _to.Dispose();

    [Fact]
    public void Write_Samples_BarsAndQuantiles()
    {
        HistogramText.Write(_to, new LatencyHistogram([0, 1000, 0, 500, 1, 0, 0]), 4000);

        Assert.Equal(
            [
                "    1  us |##################################################| 1000",
                "    2  us |                                                  | 0",
                "    3  us |#########################                         | 500",
                "    4  us |#                                                 | 1",
                "p50 < 2 us, p99 < 4 us, p99.9 < 4 us",
                "",
            ],
            _to.ToString().Split('\n'));
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(4, 3)]
    [InlineData(100, 3)]
    public void Write_EmptyCellsBetween_ManyAreOneLine(int empty, int rows)
    {
        int[] cells = new int[empty + 2];
        cells[0] = cells[^1] = 1;

        HistogramText.Write(_to, new LatencyHistogram(cells), 0);

        string[] lines = _to.ToString().Split('\n');
        Assert.Equal(rows, lines.Count(line => line.Contains("us |", StringComparison.Ordinal) || line == "    ..."));
        Assert.StartsWith($"{empty + 1,5}  us |###", lines[rows - 1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 40, "    0  us |", "   39  us |")]
    [InlineData(41, 21, "    0-1    us |", "   40-40   us |")]
    [InlineData(200, 40, "    0-4    us |", "  195-199  us |")]
    [InlineData(999, 20, "    0-49   us |", "  950-998  us |")]
    public void Write_ManyCells_MergedIntoFewRows(int cells, int rows, string first, string last)
    {
        int[] counts = new int[cells];
        Array.Fill(counts, 1);

        HistogramText.Write(_to, new LatencyHistogram(counts), 0);

        string[] lines = _to.ToString().Split('\n');
        Assert.Equal(rows + 2, lines.Length); // the quantiles and the end follow
        Assert.StartsWith(first, lines[0], StringComparison.Ordinal);
        Assert.StartsWith(last, lines[rows - 1], StringComparison.Ordinal);
        Assert.StartsWith("p50 ", lines[rows], StringComparison.Ordinal);
        Assert.Equal(cells, lines[..rows].Sum(line => int.Parse(line[(line.LastIndexOf('|') + 1)..], null)));
    }

    [Fact]
    public void Write_ManyCellsWithGaps_GapsAreOneLine()
    {
        int[] counts = new int[1000];
        for (int i = 0; i < 60; i++)
            counts[i] = 10;
        counts[^1] = 3;

        HistogramText.Write(_to, new LatencyHistogram(counts), 0);

        string[] lines = _to.ToString().Split('\n');
        Assert.StartsWith("   58-59   us |", lines[29], StringComparison.Ordinal);
        Assert.Equal("    ...", lines[30]);
        Assert.StartsWith("  998-999  us |##", lines[31], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MaxBeyondCells_MarkedAndOpenEnded()
    {
        HistogramText.Write(_to, new LatencyHistogram([99, 1]), 150_000);

        string[] lines = _to.ToString().Split('\n');
        Assert.StartsWith("    1+ us |#  ", lines[1], StringComparison.Ordinal);
        Assert.Equal("p50 < 1 us, p99 < 1 us, p99.9 >= 1 us", lines[2]);
    }

    [Fact]
    public void Write_Empty_Nothing()
    {
        HistogramText.Write(_to, new LatencyHistogram(5), 0);

        Assert.Empty(_to.ToString());
    }
}
