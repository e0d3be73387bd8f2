using Serilog.Events;

namespace Latmus.Tests;

public sealed class LatmusCommandLineTests
{
    [Fact]
    [Trait("Case", "C298")]
    public void Parse_NoArguments_Defaults()
    {
        LatmusOptions options = Parse();

        Assert.Equal([LatmusContext.User], options.Contexts);
        Assert.False(options.Tune);
        Assert.Equal(98, options.Priority);
        Assert.Equal(1000, options.PeriodUs);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Duration);
        Assert.Equal(TimeSpan.FromSeconds(11), options.Alarm);
        Assert.Equal(200, options.HistogramCells);
        Assert.False(options.Histogram);
        Assert.Equal(21, options.Lines);
        Assert.Equal(1, options.Verbosity);
        Assert.Null(options.Cpu);
        Assert.Null(options.AbortAboveUs);
        Assert.Equal(0, options.LoadThreads);
        Assert.Equal(LogEventLevel.Warning, options.LogLevel);
        Assert.Empty(options.Notices);
    }

    [Theory]
    [InlineData("-p100")]
    [InlineData("-p", "100")]
    [InlineData("-Kp100")]
    [InlineData("-rKp", "100")]
    [InlineData("-p7", "-p", "100")]
    public void Parse_ValueAttachedSeparateOrClustered_Read(params string[] arguments) =>
        Assert.Equal(100, Parse(arguments).PeriodUs);

    [Fact]
    public void Parse_EveryOption_Read()
    {
        LatmusOptions options = Parse(
            "-k", "-p1", "-P0", "-C3", "-T2m", "-gfile", "-H1000", "-l0", "-K", "-A", "150", "-r", "-v2",
            "--load", "4", "--log=debug");

        Assert.Equal([LatmusContext.Kern], options.Contexts);
        Assert.Equal(1, options.PeriodUs);
        Assert.Equal(0, options.Priority);
        Assert.Equal(3, options.Cpu);
        Assert.True(options.ForceCpu);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Duration);
        Assert.True(options.Histogram);
        Assert.Equal("file", options.HistogramPath);
        Assert.Equal(1000, options.HistogramCells);
        Assert.Equal(0, options.Lines);
        Assert.True(options.KeepGoing);
        Assert.Equal(150, options.AbortAboveUs);
        Assert.True(options.ResetGravity);
        Assert.Equal(2, options.Verbosity);
        Assert.Equal(4, options.LoadThreads);
        Assert.Equal(LogEventLevel.Debug, options.LogLevel);
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5s", 5)]
    [InlineData("5m", 300)]
    [InlineData("5h", 18_000)]
    [InlineData("5d", 432_000)]
    public void Parse_Duration_Seconds(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parse("-T", text).Duration);

    [Fact]
    public void Parse_DurationZero_EndlessWithoutAlarm()
    {
        LatmusOptions options = Parse("-T0");

        Assert.Equal(TimeSpan.Zero, options.Duration);
        Assert.Null(options.Alarm);
    }

    [Theory]
    [InlineData("-g")]
    [InlineData("-g", "-")]
    [InlineData("-g-")]
    [InlineData("-g", "-K")]
    public void Parse_HistogramWithoutFile_StandardOutput(params string[] arguments)
    {
        LatmusOptions options = Parse(arguments);

        Assert.True(options.Histogram);
        Assert.Null(options.HistogramPath);
    }

    [Fact]
    public void Parse_HistogramFileSeparate_Read() => Assert.Equal("out.txt", Parse("-g", "out.txt").HistogramPath);

    [Theory]
    [InlineData("-p0", "1 to 1000000 us")]
    [InlineData("-p1000001", "1 to 1000000 us")]
    [InlineData("-px", "1 to 1000000 us")]
    [InlineData("-p+5", "1 to 1000000 us")]
    [InlineData("-p 5", "1 to 1000000 us")]
    [InlineData("-p99999999999", "1 to 1000000 us")]
    [InlineData("-P100", "0 to 99")]
    [InlineData("-P-1", "0 to 99")]
    [InlineData("-c-1", "0 to 1023")]
    [InlineData("-C1024", "0 to 1023")]
    [InlineData("-H0", "1 to 1000 cells")]
    [InlineData("-H1001", "1 to 1000 cells")]
    [InlineData("-l-1", "0 to 1000000 lines")]
    [InlineData("-A0", "1 to 2147483 us")]
    [InlineData("-v10", "0 to 9")]
    [InlineData("-T-1", "d, h, m or s")]
    [InlineData("-Tm", "d, h, m or s")]
    [InlineData("-T5w", "d, h, m or s")]
    [InlineData("-T99999d", "at most 2147483647 s")]
    [InlineData("-T", "d, h, m or s")]
    [InlineData("-p", "1 to 1000000 us")]
    [InlineData("-x", "unknown option '-x'")]
    [InlineData("-Kx", "unknown option '-x'")]
    [InlineData("--period=5", "unknown option '--period=5'")]
    [InlineData("--", "unknown option '--'")]
    [InlineData("--load=65", "0 to 64 threads")]
    [InlineData("--load", "0 to 64 threads")]
    [InlineData("--log=loud", "Verbose, Debug, Information, Warning, Error, Fatal")]
    [InlineData("--log=2", "Verbose, Debug, Information, Warning, Error, Fatal")]
    [InlineData("two\nlines", "'two lines' is not an option")]
    [InlineData("host", "'host' is not an option")]
    [InlineData("-", "'-' is not an option")]
    [InlineData("", "'' is not an option")]
    public void Parse_Wrong_OneLineSaysWhatIsAllowed(string argument, string said)
    {
        UsageException wrong = Assert.Throws<UsageException>(() => Parse(argument));

        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', wrong.Message);
    }

    [Fact]
    public void Parse_PositionalAfterOptions_Refused() => Assert.Throws<UsageException>(() => Parse("-v", "2"));

    [Fact]
    [Trait("Case", "C295")]
    public void Parse_QuietWithoutDuration_Ignored()
    {
        LatmusOptions options = Parse("-q");

        Assert.False(options.Quiet);
        Assert.Equal(["-q needs -T: -q is ignored"], options.Notices);
    }

    [Theory]
    [InlineData("-q", "-T5")]
    [InlineData("-T10", "-q")]
    [InlineData("-qt")]
    [Trait("Case", "C295")]
    public void Parse_QuietWithDurationOrTuning_Quiet(params string[] arguments)
    {
        LatmusOptions options = Parse(arguments);

        Assert.True(options.Quiet);
        Assert.Empty(options.Notices);
    }

    [Theory]
    [InlineData("-b")]
    [InlineData("-b", "-v2")]
    [InlineData("-bq")]
    [Trait("Case", "C295")]
    public void Parse_Background_Quiet(params string[] arguments)
    {
        LatmusOptions options = Parse(arguments);

        Assert.True(options.Background);
        Assert.True(options.Quiet);
        Assert.Empty(options.Notices);
    }

    [Theory]
    [InlineData("-u", "-k")]
    [InlineData("-is")]
    [InlineData("-t", "-s")]
    [InlineData("-tus")]
    [Trait("Case", "C295")]
    public void Parse_ContextsThatExclude_EINVAL(params string[] arguments)
    {
        UsageException wrong = Assert.Throws<UsageException>(() => Parse(arguments));

        Assert.Contains("EINVAL", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C295")]
    public void Parse_HistogramFileExists_Refused()
    {
        UsageException wrong = Assert.Throws<UsageException>(() => LatmusCommandLine.Parse(["-g", "old"], path => path == "old"));

        Assert.Contains("'old'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SameContextTwice_Accepted() => Assert.Equal([LatmusContext.Irq], Parse("-i", "-i").Contexts);

    [Fact]
    public void Parse_Tune_AllContextsInOrder() =>
        Assert.Equal([LatmusContext.Irq, LatmusContext.Kern, LatmusContext.User], Parse("-t").Contexts);

    [Fact]
    public void Parse_TuneSome_InOrder() =>
        Assert.Equal([LatmusContext.Irq, LatmusContext.User], Parse("-tui").Contexts);

    [Fact]
    public void Parse_TuneThenMeasure_LastCounts() => Assert.False(Parse("-tm").Tune);

    [Fact]
    public void Parse_HistogramWithTune_IgnoredWithMessage()
    {
        LatmusOptions options = LatmusCommandLine.Parse(["-t", "-g", "old"], _ => true);

        Assert.False(options.Histogram);
        Assert.Null(options.HistogramPath);
        Assert.Equal(["-g is for measuring: -g is ignored"], options.Notices);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("-Kh", "nonsense")]
    public void Parse_Help_RestNotLookedAt(params string[] arguments) => Assert.True(Parse(arguments).ShowHelp);

    private static LatmusOptions Parse(params string[] arguments) => LatmusCommandLine.Parse(arguments, _ => false);
}
