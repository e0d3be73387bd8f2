using EvlActors.TestKit;

namespace FaultInjection;

/// <summary>From a race that nobody has seen to a table of every fault.</summary>
internal static class Demonstration
{
    private const int Schedules = 20_000;

    // In its order the forwarder sleeps before there is a record, so that the table has that sleep, too.
    private const ulong TableSeed = 4;

    /// <summary>Tells it all.</summary>
    /// <returns>The exit status: 0, or 1 if something did not go as told.</returns>
    internal static int Run(TextWriter output)
    {
        output.WriteLine("1. A driver with a race. One thread forwards a record out-of-band while another closes the file.");
        Func<SimulationScenario, Task> hasty = Scenarios.ForwardAgainstClose(() => new HastyLogger());
        ExplorationFailure? found = Exploration.Explore(hasty, Schedules).Failure;
        if (found is null)
        {
            output.WriteLine($"   {Schedules} orders did not show it.");
            return 1;
        }
        output.WriteLine($"   Order {found.Seed} of {Schedules} shows it:");
        output.WriteLine();
        output.WriteLine(Indented(found.ToString()));

        output.WriteLine();
        output.WriteLine("2. Replayed, as a test would.");
        string schedule = found.Schedule.ToString();
        string? replayed = Replay(hasty, schedule);
        output.WriteLine(Indented(replayed ?? "It does not fail any more."));

        output.WriteLine();
        output.WriteLine("3. Mended: release awaits ReleaseOob before it frees the records.");
        Func<SimulationScenario, Task> patient = Scenarios.ForwardAgainstClose(() => new PatientLogger());
        string? replayedMended = Replay(patient, schedule);
        output.WriteLine($"   The same order: {replayedMended ?? "clean"}.");
        ExplorationResult mended = Exploration.Explore(patient, Schedules);
        output.WriteLine($"   {mended.Schedules} orders: {(mended.Failure is null ? "clean" : mended.Failure.Cause.Message)}.");

        output.WriteLine();
        output.WriteLine("4. The mended driver, once for every single fault that its application can meet.");
        output.WriteLine();
        FaultReport report = Faults.FailEach(
            Scenarios.WriteForwardRead, new FailEachOptions { Simulation = new SimulationOptions { Seed = TableSeed } });
        output.WriteLine(Indented(report.ToString()));
        return replayed is not null && replayedMended is null && mended.Failure is null && report.Findings.Count == 0 ? 0 : 1;
    }

    private static string? Replay(Func<SimulationScenario, Task> scenario, string schedule)
    {
        try
        {
            Simulation.Replay(scenario, schedule);
            return null;
        }
        catch (SimulationFailedException e)
        {
            return e.Message;
        }
    }

    private static string Indented(string text) => "   " + text.Replace("\n", "\n   ", StringComparison.Ordinal);
}
