using EvlActors;
using EvlActors.Drivers;

namespace Latmus.Tests;

/// <summary>The whole application on virtual time.</summary>
public sealed class LatmusApplicationTests : IDisposable
{
    private static readonly Measurement s_good = new(1000, 1, 1, 0, 1000);

    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [Trait("Case", "C294")]
    [InlineData("-u")]
    [InlineData("-k")]
    [InlineData("-i")]
    [InlineData("-s")]
    public void Run_ThreeSeconds_ALineForEachAndTheSummary(string context)
    {
        int status = Play(new LatmusDevice(2), [context, "-T3", "-l2"]);

        Assert.Equal(ExitStatus.Success, status);
        Assert.Empty(_error.ToString());
        const string Row = "RTD|      0.000|      0.000|      0.000|       0|     0|      0.000|      0.000";
        string[] lines = Lines();
        Assert.Equal("warming up on CPU1...", lines[0]);
        Assert.StartsWith("RTT|  00:00:00  (", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("RTH|", lines[2], StringComparison.Ordinal);
        Assert.Equal([Row, Row], lines[3..5]);
        Assert.StartsWith("RTT|  00:00:02  (", lines[5], StringComparison.Ordinal);
        Assert.Equal(Row, lines[7]);
        Assert.StartsWith("---|", lines[8], StringComparison.Ordinal);
        Assert.Equal("RTS|      0.000|      0.000|      0.000|       0|     0|    00:00:03/00:00:03", lines[9]);
        Assert.Equal(10, lines.Length);
    }

    [Fact]
    [Trait("Case", "C295")]
    public void Run_Quiet_SummaryOnly()
    {
        Assert.Equal(ExitStatus.Success, Play(new LatmusDevice(2), ["-q", "-T3"]));

        Assert.Equal(["---|", "RTS|"], Lines().Select(line => line[..4]));
        Assert.Equal("running quietly for 3 seconds on CPU1\n", _error.ToString());
    }

    [Fact]
    public void Interrupt_EndlessRun_SummaryAndSuccess()
    {
        int status = Play(new LatmusDevice(2), ["-T0"], async (machine, application) =>
        {
            await Sleep(machine, TimeSpan.FromSeconds(2.5));
            application.Interrupt();
        });

        Assert.Equal(ExitStatus.Success, status);
        Assert.Single(Lines(), line => line.StartsWith("RTD|", StringComparison.Ordinal));
        Assert.EndsWith("00:00:01/00:00:01", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public void Run_ResponderSwitchedInBand_EndsEarlyWithSummary()
    {
        int status = Play(new LatmusDevice(2), ["-T20"], onShot: DemoteOnce());

        Assert.Equal(ExitStatus.Success, status);
        Assert.Contains("|     1|    00:00:01/00:00:20", Lines()[^1], StringComparison.Ordinal);
        Assert.StartsWith("*** WARNING: unwanted switches", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public void Run_ResponderSwitchedInBandWithK_CountsAndGoesOn()
    {
        int status = Play(new LatmusDevice(2), ["-T5", "-K"], onShot: DemoteOnce());

        Assert.Equal(ExitStatus.Success, status);
        string[] rows = [.. Lines().Where(line => line.StartsWith("RTD|", StringComparison.Ordinal))];
        Assert.Equal(["0", "1", "1", "1"], rows[..4].Select(row => row.Split('|')[5].Trim()));
        Assert.Contains("|     1|    00:00:05/00:00:05", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public void Run_SampleAboveA_Status102WithoutSummary()
    {
        Measurement bad = s_good with { Max = 150_000 };

        Assert.Equal(ExitStatus.LatencyExceeded, Play(new ScriptedLatmus(s_good, bad, s_good), ["-T20", "-A100"]));

        Assert.Equal("RTD|", Lines()[^1][..4]);
        Assert.Contains("latency threshold is exceeded", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "C296")]
    public void Run_MinAboveMax_Status103WithTheRow()
    {
        Assert.Equal(ExitStatus.Inconsistent, Play(new ScriptedLatmus(s_good with { Min = 9 }), ["-T20"]));

        Assert.Equal("RTD|", Lines()[^1][..4]);
        Assert.Contains("results look weird", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "C296")]
    [InlineData(SwitchCause.SigDemote, true)]
    [InlineData(SwitchCause.SysDemote, true)]
    [InlineData(SwitchCause.ExDemote, true)]
    [InlineData(SwitchCause.LockDependency, true)]
    [InlineData(SwitchCause.Watchdog, false)]
    [InlineData(SwitchCause.LockImbalance, false)]
    [InlineData(SwitchCause.LockSleep, false)]
    [InlineData((SwitchCause)99, false)]
    public void IsSwitch_Cause_CountedOrDiagnosis(SwitchCause cause, bool isSwitch) =>
        Assert.Equal(isSwitch, SwitchMonitor.IsSwitch(cause));

    [Fact]
    public void Run_DriverRefuses_StatusOneAndWhy()
    {
        Assert.Equal(ExitStatus.Failure, Play(new LatmusDevice(2), ["-k", "-P0", "-T3"]));

        Assert.Equal(
            "latmus: the driver refuses kernel context, 1000 us period, priority 0, CPU1\nlatmus: Ioctl failed with EINVAL (22).\n",
            _error.ToString());
    }

    [Fact]
    public void Tune_AllContexts_AGravityForEach()
    {
        Assert.Equal(ExitStatus.Success, Play(new LatmusDevice(2), ["-t", "-r"]));

        Assert.Equal(["irq gravity: 0 ns", "kernel gravity: 0 ns", "user gravity: 0 ns"], Lines()[1..]);
    }

    [Theory]
    [InlineData("-v1", 0)]
    [InlineData("-v2", TuningSearch.WarmUpSteps + 1)]
    public void Tune_Verbosity_FromTwoOnEachStepIsTold(string verbosity, int steps)
    {
        var told = new List<string>();

        Assert.Equal(ExitStatus.Success, Play(new LatmusDevice(2, told.Add), ["-t", "-u", verbosity]));

        // Nothing is late here, so there is one scored step.
        Assert.Equal(Enumerable.Repeat("user gravity 0 ns: mean 0, deviation 0, min 0 ns", steps), told);
    }

    // An in-band call in the middle of the third second.
    private static Func<UserThread, ValueTask> DemoteOnce()
    {
        int shots = 0;
        return async thread =>
        {
            if (++shots == 2500)
                await thread.FcntlAsync(0, FcntlCommand.GetFd).OrThrow();
        };
    }

    private static async Task Sleep(EvlMachine machine, TimeSpan time)
    {
        UserThread sleeper = machine.CreateProcess().CreateThread();
        int fd = await sleeper.OpenAsync(AlarmDevice.Path).OrThrow();
        await sleeper.IoctlAsync(fd, AlarmDevice.Sleep, (long)time.TotalNanoseconds).OrThrow();
    }

    private int Play(
        CharDevice driver,
        string[] arguments,
        Func<EvlMachine, LatmusApplication, Task>? meanwhile = null,
        Func<UserThread, ValueTask>? onShot = null)
    {
        int status = -1;
        Simulation.Run(async machine =>
        {
            machine.AddDevice(LatmusDevice.Path, () => driver);
            machine.AddDevice(AlarmDevice.Path, () => new AlarmDevice());
            LatmusOptions options = LatmusCommandLine.Parse(arguments);
            var application = new LatmusApplication(
                options, machine, new ResponderCpu(1, IsIsolated: true), _output, _error, ownThreads: false) { OnShot = onShot };
            Task other = meanwhile is null ? Task.CompletedTask : machine.Engine.RunBody(() => meanwhile(machine, application));
            status = await application.Run();
            await other;
        });
        return status;
    }

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');
}
