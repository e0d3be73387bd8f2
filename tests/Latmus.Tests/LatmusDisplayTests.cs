namespace Latmus.Tests;

public sealed class LatmusDisplayTests : IDisposable
{
    private const string Heading = "RTH|----lat min|----lat avg|----lat max|-overrun|---msw|---lat best|--lat worst";

    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    [Trait("Case", "C294")]
    public void Show_First_HeadingAndRow()
    {
        LatmusDisplay display = Display(isolated: true);

        int status = display.Show(new(1_325_999, 1211, 2476, 0, 1000), Seconds(2), 0);

        Assert.Equal(0, status);
        Assert.Equal(
            [
                "RTT|  00:00:01  (user, 1000 us period, priority 98, CPU1)",
                Heading,
                "RTD|      1.211|      1.325|      2.476|       0|     0|      1.211|      2.476",
            ],
            Lines());
    }

    [Fact]
    public void Show_NotIsolated_Marked()
    {
        Display(isolated: false).Show(new(1000, 1, 1, 0, 1000), Seconds(2), 0);

        Assert.Equal("RTT|  00:00:01  (user, 1000 us period, priority 98, CPU1-noisol)", Lines()[0]);
    }

    [Theory]
    [InlineData("-i", "irq, 100 us period, CPU1")]
    [InlineData("-s", "sirq, 100 us period, CPU1")]
    [InlineData("-k", "kernel, 100 us period, priority 50, CPU1")]
    public void Show_Context_NamedWithPriorityOfThreadsOnly(string option, string shown)
    {
        Display(isolated: true, option, "-p100", "-P50").Show(new(1000, 1, 1, 0, 1000), Seconds(3661.5), 0);

        Assert.Equal($"RTT|  01:01:00  ({shown})", Lines()[0]);
    }

    [Fact]
    [Trait("Case", "C294")]
    public void Show_EveryTwentyOneRows_Heading()
    {
        LatmusDisplay display = Display(isolated: true);

        for (int i = 0; i < 43; i++)
            display.Show(new(1000, 1, 1, 0, 1000), Seconds(i + 2), 0);

        string[] lines = Lines();
        Assert.Equal([1, 24, 47], lines.Index().Where(line => line.Item == Heading).Select(line => line.Index));
        Assert.StartsWith("RTT|  00:00:22  ", lines[23], StringComparison.Ordinal);
        Assert.Equal(43, lines.Count(line => line.StartsWith("RTD|", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Case", "C294")]
    public void Show_NoLines_NoHeading()
    {
        LatmusDisplay display = Display(isolated: true, "-l0");

        display.Show(new(1000, 1, 1, 0, 1000), Seconds(2), 0);

        Assert.StartsWith("RTD|", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C294")]
    public void Show_Several_OverrunsAndExtremesCumulative()
    {
        LatmusDisplay display = Display(isolated: true, "-l0");

        display.Show(new(20_000, 1000, 3000, 2, 10), Seconds(2), 1);
        display.Show(new(20_000, 500, 2500, 0, 10), Seconds(3), 1);
        display.Show(new(20_000, 700, 123_456, 3, 10), Seconds(4), 4);

        Assert.Equal(
            [
                "RTD|      1.000|      2.000|      3.000|       2|     1|      1.000|      3.000",
                "RTD|      0.500|      2.000|      2.500|       2|     1|      0.500|      3.000",
                "RTD|      0.700|      2.000|    123.456|       5|     4|      0.500|    123.456",
            ],
            Lines());
        Assert.Equal(Seconds(3), display.Totals.Peak);
    }

    [Fact]
    public void Show_EarlyShots_Negative()
    {
        Display(isolated: true, "-l0").Show(new(-3, -2, -1, 0, 2), Seconds(2), 0);

        Assert.Equal("RTD|     -0.002|     -0.001|     -0.001|       0|     0|     -0.002|     -0.001", Lines()[0]);
    }

    [Fact]
    [Trait("Case", "C294")]
    public void Summarize_AfterRows_SeparatorAndTotals()
    {
        LatmusDisplay display = Display(isolated: true, "-l0", "-T90m");
        display.Show(new(10_000, 900, 1100, 1, 10), Seconds(2), 0);
        display.Show(new(30_000, 2900, 3100, 1, 10), Seconds(3), 0);
        display.AddLast(new(10, 5, 5, 1, 2), Seconds(3.5));

        display.Summarize(Seconds(5401.2), 0);

        Assert.Equal(
            [
                "---|-----------|-----------|-----------|--------|------|-------------------------",
                "RTS|      0.005|      1.818|      3.100|       3|     0|    01:30:00/01:30:00",
            ],
            Lines()[2..]);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Summarize_HoursDiffer_EachItsOwn()
    {
        LatmusDisplay display = Display(isolated: true, "-l0", "-T30h");
        display.Show(new(1000, 1, 1, 0, 1000), Seconds(2), 0);

        display.Summarize(Seconds(3601), 0);

        Assert.EndsWith("|    01:00:00/30:00:00", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Summarize_Endless_RequestedIsElapsed()
    {
        LatmusDisplay display = Display(isolated: true, "-l0", "-T0");
        display.Show(new(1000, 1, 1, 0, 1000), Seconds(2), 0);

        display.Summarize(Seconds(8.7), 0);

        Assert.EndsWith("|    00:00:07/00:00:07", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Summarize_NothingMeasured_NoLine()
    {
        LatmusDisplay display = Display(isolated: true);

        display.AddLast(default, Seconds(0.5));
        display.Summarize(Seconds(0.5), 0);

        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void Summarize_UnwantedSwitches_Warns()
    {
        LatmusDisplay display = Display(isolated: true, "-l0");
        display.Show(new(1000, 1, 1, 0, 1000), Seconds(2), 1);

        display.Summarize(Seconds(3), 1);

        Assert.Contains("|     1|    00:00:02/", Lines()[^1], StringComparison.Ordinal);
        Assert.StartsWith("*** WARNING", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_Quiet_OnlySummary()
    {
        LatmusDisplay display = Display(isolated: true, "-qT10");

        display.Show(new(1000, 1, 1, 0, 1000), Seconds(2), 0);
        Assert.Empty(_output.ToString());
        display.Summarize(Seconds(11), 0);

        Assert.Equal(2, Lines().Length);
    }

    [Theory]
    [InlineData(10, 20, 5, 1)]
    [InlineData(10, 5, 8, 1)]
    [InlineData(10, 11, 20, 1)]
    [InlineData(0, 0, 0, 0)]
    public void Show_Inconsistent_ShownEvenQuietlyAndStatus103(long sum, int min, int max, uint samples)
    {
        LatmusDisplay display = Display(isolated: true, "-qT10");

        int status = display.Show(new(sum, min, max, 0, samples), Seconds(2), 0);

        Assert.Equal(103, status);
        Assert.StartsWith("RTD|", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.NotEmpty(_error.ToString());
    }

    [Fact]
    public void AddLast_Inconsistent_Status103() =>
        Assert.Equal(103, Display(isolated: true).AddLast(new(10, 20, 5, 0, 1), Seconds(2)));

    [Theory]
    [InlineData(100_000, 0)]
    [InlineData(100_001, 102)]
    [InlineData(150_000, 102)]
    public void Show_AbortAbove_Status102OnlyBeyondIt(int max, int expected)
    {
        LatmusDisplay display = Display(isolated: true, "-A100");

        Assert.Equal(expected, display.Show(new(2L * max, max, max, 0, 2), Seconds(2), 0));
        Assert.Equal(expected != 0, _error.ToString().Length > 0);
    }

    [Fact]
    public void AddLast_AbortAbove_Status102() =>
        Assert.Equal(102, Display(isolated: true, "-A100").AddLast(new(150_000, 150_000, 150_000, 0, 1), Seconds(2)));

    [Fact]
    public void Start_Isolation_Said()
    {
        Display(isolated: false).Start();

        Assert.Equal("warming up on CPU1 (not isolated)...", Assert.Single(Lines()));
    }

    [Theory]
    [InlineData("-qT1m", "running quietly for 60 seconds on CPU1")]
    [InlineData("-qT0", "running quietly until interrupted on CPU1")]
    public void Start_Quiet_SaidOnStandardError(string option, string said)
    {
        Display(isolated: true, option).Start();

        Assert.Empty(_output.ToString());
        Assert.Equal(said, _error.ToString().TrimEnd());
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private LatmusDisplay Display(bool isolated, params string[] arguments) =>
        new(LatmusCommandLine.Parse(arguments), 1, isolated, _output, _error);

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');
}
