using Xunit;
using Xunit.Abstractions;

namespace EvlActors.TestKit.Tests;

/// <summary>
/// Defects that the field has had, each found by exploration within a stated number of seeds, and none found in the code as it is.
/// docs/testing.md has the table.
/// </summary>
public sealed class MuseumTests(ITestOutputHelper output)
{
    private const int Beginnings = 20;
    private const long SeedsOfTheCorrect = 3_000;

    private static readonly Dictionary<string, Exhibit> s_exhibits = new()
    {
        ["stale entry"] = new(5, "refers to file", CloseRace.Run, CloseRace.Run)
        {
            Machine = new EvlMachineOptions { MakeOobStage = static () => new ForgetfulOobStage() },
        },
        ["leaked reference"] = new(20, "Nothing can run", LeakyGet.Scenario(defective: true), LeakyGet.Scenario(defective: false)),
        ["silent edge"] = new(20, "Nothing can run", SilentEdge.Scenario(SilentEdge.Defective), SilentEdge.Scenario(SilentEdge.Correct)),
        ["wedged ring"] = new(20, "Nothing can run", WedgedRing.Scenario(WedgedRing.Defective), WedgedRing.Scenario(WedgedRing.Correct)),
        ["early release"] = new(10, "'references'", EarlyRelease.Scenario(EarlyRelease.Defective), EarlyRelease.Scenario(EarlyRelease.Correct)),
        ["lost wake-up"] = new(50, "Nothing can run", LostWakeUp.Scenario(defective: true), LostWakeUp.Scenario(defective: false)),
        ["single open"] = new(
            250,
            "Both were refused",
            SingleOpen.Scenario(static () => new SingleOpen.DecrementAndRestore()),
            SingleOpen.Scenario(static () => Drivers.OpenPolicy.SingleOpen()))
        {
            // The refused opener has to be overtaken for long: by a close and an open.
            Strategy = SimulationStrategy.Pct,
        },
    };

    public static TheoryData<string> Exhibits => [.. s_exhibits.Keys];

    internal static long Within(string title) => s_exhibits[title].Within;

    [Theory, MemberData(nameof(Exhibits))]
    public void Explore_DefectOfTheField_FoundWithinItsSeeds(string title)
    {
        Exhibit exhibit = s_exhibits[title];
        ulong most = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (ulong first = 1; first <= Beginnings; first++)
        {
            ulong begin = first * 1_000_000;
            ExplorationOptions options = Options(exhibit) with { FirstSeed = begin, ShrinkLimit = 0 };
            ExplorationResult result = Exploration.Explore(exhibit.Defective, exhibit.Within, options);
            ExplorationFailure failure = Failure(result);
            Assert.Contains(exhibit.Says, failure.Cause.Message, StringComparison.Ordinal);
            most = Math.Max(most, failure.Seed - begin + 1);
            // The first time is mostly the JIT's.
            longest = first > 1 && result.Elapsed > longest ? result.Elapsed : longest;
        }
        output.WriteLine($"{title}: found with {most} seeds at most, in {longest.TotalMilliseconds:F1} ms at most");
    }

    [Theory, MemberData(nameof(Exhibits))]
    public void Explore_DefectOfTheField_ShrunkAndReplayed(string title)
    {
        Exhibit exhibit = s_exhibits[title];
        ExplorationOptions options = Options(exhibit);
        ExplorationResult result = Exploration.Explore(exhibit.Defective, exhibit.Within, options);
        ExplorationFailure failure = Failure(result);
        output.WriteLine($"{title}: seed {failure.Seed}, {result.Elapsed.TotalMilliseconds:F0} ms\n{failure}");
        string replayed = Assert.ThrowsAny<Exception>(
            () => Simulation.Replay(exhibit.Defective, failure.Schedule.ToString(), options.Simulation)).Message;
        Assert.Contains(exhibit.Says, replayed, StringComparison.Ordinal);
        Simulation.Replay(exhibit.Correct, failure.Schedule.ToString());
    }

    [Theory, MemberData(nameof(Exhibits))]
    public void Explore_CodeAsItIs_NothingFails(string title) =>
        Exploration.Explore(s_exhibits[title].Correct, SeedsOfTheCorrect, Options(s_exhibits[title] with { Machine = new EvlMachineOptions() })).ThrowIfFailed();

    private static ExplorationFailure Failure(ExplorationResult result)
    {
        Assert.NotNull(result.Failure);
        return result.Failure;
    }

    private static ExplorationOptions Options(Exhibit exhibit) => new()
    {
        Simulation = new SimulationOptions { TurnLimit = 100_000, ForeignGrace = TimeSpan.Zero, Machine = exhibit.Machine, Strategy = exhibit.Strategy },
    };
}
