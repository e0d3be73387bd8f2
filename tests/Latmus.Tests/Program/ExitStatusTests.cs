using EvlActors;

namespace Latmus.Tests;

/// <summary>The whole program, from its command line to its exit status, on the real clock.</summary>
public sealed class ExitStatusTests : IDisposable
{
    private const long DebugMark = 0xfccf0000;
    private static readonly Measurement s_good = new(1000, 1, 1, 0, 1000);

    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [Trait("Case", "C296")]
    [InlineData((int)SwitchCause.Watchdog)]
    [InlineData((int)SwitchCause.LockImbalance)]
    [InlineData((int)SwitchCause.LockSleep)]
    [InlineData(99)]
    public async Task Run_SigdebugThatIsNoSwitch_Status99(int cause)
    {
        EvlMachine machine = null!;
        var driver = new ScriptedLatmus();
        Task<int> run = Run(new LatmusProgram
        {
            CreateMachine = options => machine = new EvlMachine(options),
            CreateDriver = () => driver,
            Output = _output,
            Error = _error,
        }, "-T0");
        int pid = await driver.Running.WaitAsync(LatmusRun.Limit);
        UserThread other = machine.CreateProcess().CreateThread();

        await other.SigqueueAsync(pid, Signal.SIGDEBUG, DebugMark | (long)cause);

        Assert.Equal(ExitStatus.Diagnosis, await run);
        Assert.DoesNotContain("RTS|", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public async Task Run_SampleAboveA_Status102()
    {
        Assert.Equal(ExitStatus.LatencyExceeded, await Run(Scripted(s_good, s_good with { Max = 150_000 }), "-T0", "-A100"));
        Assert.Contains("latency threshold is exceeded", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public async Task Run_MinAboveMax_Status103()
    {
        Assert.Equal(ExitStatus.Inconsistent, await Run(Scripted(s_good, s_good with { Min = 9 }), "-T0"));
        Assert.Contains("results look weird", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public async Task Process_EverySampleAboveA_ExitsWith102()
    {
        // No wake-up of a user thread takes less than a microsecond.
        (int status, string output, string error) = await LatmusRun.ToEnd("-A1", "-T30");

        Assert.Equal(ExitStatus.LatencyExceeded, status);
        Assert.DoesNotContain("RTS|", output, StringComparison.Ordinal);
        Assert.Contains("latency threshold is exceeded", error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C295")]
    public async Task Run_Background_PidIsPrintedAndNothingMeasured()
    {
        IReadOnlyList<string>? started = null;
        LatmusProgram program = new()
        {
            CreateMachine = _ => throw new InvalidOperationException("It measures."),
            Detach = arguments =>
            {
                started = arguments;
                return 4711;
            },
            Output = _output,
            Error = _error,
        };

        Assert.Equal(ExitStatus.Success, await Run(program, "-b", "-T5"));
        Assert.Equal("4711\n", _output.ToString());
        Assert.Equal(["-b", "-T5"], started!);
    }

    [Fact]
    public async Task Run_BackgroundWhereThereIsNone_MessageAndStatusOne()
    {
        LatmusProgram program = new()
        {
            Detach = _ => throw new PlatformNotSupportedException("running in the background needs Linux"),
            Output = _output,
            Error = _error,
        };

        Assert.Equal(ExitStatus.Failure, await Run(program, "-b", "-T5"));
        Assert.Empty(_output.ToString());
        Assert.Equal("latmus: -b: running in the background needs Linux\n", _error.ToString());
    }

    private LatmusProgram Scripted(params Measurement[] script) => new()
    {
        CreateDriver = () => new ScriptedLatmus(script) { PeriodNs = 1_000_000 },
        Output = _output,
        Error = _error,
    };

    private static Task<int> Run(LatmusProgram program, params string[] arguments) =>
        program.Run(arguments).WaitAsync(LatmusRun.Limit);
}
