namespace Latmus.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(-1000, 1)]
    [InlineData(-999, 0)]
    [InlineData(3999, 3)]
    [InlineData(4000, 4)]
    [InlineData(1_000_000_000, 4)]
    [InlineData(long.MaxValue, 4)]
    [InlineData(long.MinValue, 4)]
    public void Add_Latency_CellOfItsMicrosecond(long delta, int cell)
    {
        LatencyHistogram histogram = new(5);

        histogram.Add(delta);

        Assert.Equal(1, histogram.Cells[cell]);
        Assert.Equal(1, histogram.Samples);
        Assert.Equal(cell, histogram.First);
        Assert.Equal(cell, histogram.Last);
    }

    [Fact]
    public void Add_CellFull_StaysFull()
    {
        LatencyHistogram histogram = new([int.MaxValue]);

        histogram.Add(0);

        Assert.Equal(int.MaxValue, histogram.Cells[0]);
    }

    [Fact]
    public void Add_Warm_AllocatesNothing()
    {
        LatencyHistogram histogram = new(200);
        histogram.Add(1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            histogram.Add(i * 1000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void New_CellsOutOfRange_Throws(int cells) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram(cells));

    [Fact]
    public void Quantile_ThousandSamples_CellThatHoldsTheirShare()
    {
        LatencyHistogram histogram = new([0, 500, 489, 1, 9, 1]);

        Assert.Equal(1, histogram.Quantile(500));
        Assert.Equal(2, histogram.Quantile(501));
        Assert.Equal(3, histogram.Quantile(990));
        Assert.Equal(4, histogram.Quantile(999));
        Assert.Equal(5, histogram.Quantile(1000));
    }

    [Fact]
    public void Quantile_OneSample_ItsCell() => Assert.Equal(2, new LatencyHistogram([0, 0, 1]).Quantile(1));

    [Fact]
    public void Quantile_Empty_None()
    {
        LatencyHistogram histogram = new(3);

        Assert.Equal(-1, histogram.Quantile(500));
        Assert.Equal(-1, histogram.First);
        Assert.Equal(-1, histogram.Last);
    }

    [Fact]
    public void Clear_Filled_Empty()
    {
        LatencyHistogram histogram = new([1, 2]);

        histogram.Clear();

        Assert.Equal(0, histogram.Samples);
    }

    [Theory]
    [InlineData(4999, false)]
    [InlineData(5000, true)]
    public void IsExceededBy_Max_BeyondLastMicrosecond(int max, bool exceeded) =>
        Assert.Equal(exceeded, new LatencyHistogram(5).IsExceededBy(max));
}
