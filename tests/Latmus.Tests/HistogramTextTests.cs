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
