using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class ExplorationTests
{
    [Theory]
    [InlineData(SimulationStrategy.Uniform)]
    [InlineData(SimulationStrategy.Pct)]
    public void Explore_CorrectDriver_NothingFails(SimulationStrategy strategy)
    {
        var options = new ExplorationOptions { Simulation = new SimulationOptions { Strategy = strategy } };
        ExplorationResult result = Exploration.Explore(Scenarios.ReadAgainstClose(Defect.None), 2_000, options);
        result.ThrowIfFailed();
        Assert.Equal(2_000, result.Schedules);
        Exploration.Explore(Scenarios.ReadAgainstWrite(Defect.None), 2_000, options).ThrowIfFailed();
    }

    [Theory]
    [InlineData(SimulationStrategy.Uniform)]
    [InlineData(SimulationStrategy.Pct)]
    public void Explore_DismantledEarly_FoundShrunkToldAndReplayed(SimulationStrategy strategy)
    {
        Func<SimulationScenario, Task> scenario = Scenarios.ReadAgainstClose(Defect.DismantledEarly);
        var options = new ExplorationOptions { Simulation = new SimulationOptions { Strategy = strategy } };
        ExplorationFailure failure = Found(scenario, options);
        Assert.Equal("references", Assert.IsType<InvariantViolatedException>(failure.Cause.InnerException).Invariant);
        Assert.InRange(failure.Schedule.Choices.Count, 1, 5);
        Assert.True(failure.Schedule.Choices.Count < failure.ChoicesBefore);
        AssertInOrder(failure.Story, "oob_read(5) begins", "OobRead of file", "release of file");
        Assert.Contains("reader", failure.Story, StringComparison.Ordinal);
        Exception replayed = Assert.Throws<SimulationFailedException>(() => Simulation.Replay(scenario, failure.Schedule.ToString()));
        Assert.Equal(failure.Cause.Message, replayed.Message);
        Simulation.Replay(Scenarios.ReadAgainstClose(Defect.None), failure.Schedule.ToString());
    }

    [Fact]
    public void Explore_SleepersForgotten_DeadlockIsNamed()
    {
        ExplorationFailure failure = Found(Scenarios.ReadAgainstClose(Defect.SleepersForgotten));
        Assert.IsType<SimulationStuckException>(failure.Cause);
        Assert.Contains("deadlock: close(5) of closer waits until oob_read(5) of reader has left /dev/line", failure.Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_LostWakeUp_SleeperIsReported()
    {
        ExplorationFailure failure = Found(Scenarios.ReadAgainstWrite(Defect.LostWakeUp));
        Assert.Contains("oob_read(5) of reader sleeps in OobRead of /dev/line", failure.Cause.Message, StringComparison.Ordinal);
        AssertInOrder(failure.Story, "oob_read(5) begins", "oob_write(5)", "sleeps");
    }

    [Fact]
    public void Explore_OneWorkerOrMany_SameSeedAndSchedule()
    {
        Func<SimulationScenario, Task> scenario = Scenarios.ReadAgainstClose(Defect.DismantledEarly);
        ExplorationFailure alone = Found(scenario, new ExplorationOptions { Workers = 1 });
        ExplorationFailure together = Found(scenario, new ExplorationOptions { Workers = 4 });
        Assert.Equal(alone.Seed, together.Seed);
        Assert.Equal(alone.ToString(), together.ToString());
    }

    [Fact]
    public void Explore_OwnInvariantViolated_Found()
    {
        ExplorationFailure failure = Found(async s =>
        {
            s.Always("nobody sleeps", e => e.Kind == MachineEventKind.CallAsleep ? $"thread {e.Tid} sleeps" : null);
            await Scenarios.ReadAgainstWrite(Defect.None)(s);
        });
        Assert.Equal("nobody sleeps", Assert.IsType<InvariantViolatedException>(failure.Cause.InnerException).Invariant);
    }

    [Fact]
    public void Explore_DependsOnMoreThanItsSeed_SaysSo()
    {
        int runs = 0;
        ExplorationFailure failure = Found(_ => Interlocked.Increment(ref runs) == 1 ? throw new TimeoutException() : Task.CompletedTask);
        Assert.IsType<SimulationNotRepeatableException>(failure.Cause);
    }

    [Fact]
    public void Explore_LongRun_ReportsProgress()
    {
        var reported = new List<ExplorationProgress>();
        var go = new ManualResetEventSlim();
        var options = new ExplorationOptions
        {
            ProgressInterval = TimeSpan.FromMilliseconds(1),
            Progress = new Reporter(progress =>
            {
                reported.Add(progress);
                go.Set();
            }),
        };
        ExplorationResult result = Exploration.Explore(
            _ =>
            {
                Assert.True(go.Wait(TimeSpan.FromSeconds(30)), "no progress was reported");
                return Task.CompletedTask;
            },
            100,
            options);
        result.ThrowIfFailed();
        Assert.All(reported, progress => Assert.Equal(100, progress.Seeds));
    }

    [Fact]
    public void Explore_FailureMessage_HasTheLineToPaste()
    {
        ExplorationFailure failure = Found(Scenarios.ReadAgainstClose(Defect.DismantledEarly));
        ExplorationFailedException thrown = Assert.Throws<ExplorationFailedException>(new ExplorationResult(1, default, failure).ThrowIfFailed);
        Assert.Contains($"Simulation.Replay(scenario, \"{failure.Schedule}\");", thrown.Message, StringComparison.Ordinal);
    }

    private static ExplorationFailure Found(Func<SimulationScenario, Task> scenario, ExplorationOptions? options = null)
    {
        ExplorationFailure? failure = Exploration.Explore(scenario, 2_000, options).Failure;
        Assert.NotNull(failure);
        return failure;
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is not there, or too early:\n{text}");
            at = found + part.Length;
        }
    }

    private sealed class Reporter(Action<ExplorationProgress> report) : IProgress<ExplorationProgress>
    {
        public void Report(ExplorationProgress value) => report(value);
    }
}
