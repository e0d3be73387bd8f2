namespace EvlActors.TestKit;

/// <summary>Runs scenarios: each time on a machine of its own, on one thread, in an order that follows from a seed.</summary>
public static class Simulation
{
    /// <summary>Runs a scenario once.</summary>
    /// <param name="scenario">What is done with the machine, by asynchronous calls.</param>
    /// <param name="options">How it is run; null: the defaults.</param>
    /// <returns>What is known of the run.</returns>
    /// <exception cref="SimulationFailedException">The scenario threw, or an invariant was violated.</exception>
    /// <exception cref="SimulationStuckException">Nothing can run, and the scenario has not ended.</exception>
    public static SimulationResult Run(Func<SimulationScenario, Task> scenario, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var run = new SimulationRun(scenario, options ?? new SimulationOptions());
        if (run.Execute() is { } failure)
            throw failure;
        return new SimulationResult(run.Engine.Seed, run.Engine.Turns, run.Engine.IsRepeatable, run.Engine.Foreign);
    }

    /// <summary>Runs a scenario once.</summary>
    /// <param name="scenario">What is done with the machine, by asynchronous calls.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>What is known of the run.</returns>
    /// <exception cref="SimulationFailedException">The scenario threw, or an invariant was violated.</exception>
    /// <exception cref="SimulationStuckException">Nothing can run, and the scenario has not ended.</exception>
    public static SimulationResult Run(Func<SimulationScenario, Task> scenario, ulong seed) =>
        Run(scenario, new SimulationOptions { Seed = seed });

    /// <summary>Repeats a run that exploration has shrunk.</summary>
    /// <param name="scenario">The scenario, as it was explored.</param>
    /// <param name="schedule">What <see cref="ExplorationFailure.ReplayLine"/> has between the quotation marks.</param>
    /// <param name="options">How it is run otherwise; null: the defaults.</param>
    /// <returns>What is known of the run, if it does not fail any more.</returns>
    /// <exception cref="FormatException"><paramref name="schedule"/> is no schedule.</exception>
    /// <exception cref="SimulationFailedException">The scenario threw, or an invariant was violated.</exception>
    /// <exception cref="SimulationStuckException">Nothing can run, and the scenario has not ended.</exception>
    public static SimulationResult Replay(Func<SimulationScenario, Task> scenario, string schedule, SimulationOptions? options = null) =>
        Run(scenario, (options ?? new SimulationOptions()) with { Schedule = Schedule.Parse(schedule) });

    /// <summary>Runs a seed twice and compares the runs, event by event.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed; 1 by default.</param>
    /// <param name="options">How it is run otherwise; null: the defaults.</param>
    /// <exception cref="SimulationNotRepeatableException">The runs differ; the message names the first event that does, or what
    /// came from another thread.</exception>
    public static void SelfCheck(Func<SimulationScenario, Task> scenario, ulong seed = 1, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        options = (options ?? new SimulationOptions()) with { Seed = seed };
        (EventLog first, SimulationEngine engine) = Record(scenario, options);
        (EventLog second, SimulationEngine again) = Record(scenario, options);
        string[] foreign = [.. engine.Foreign.Concat(again.Foreign).Distinct()];
        if (FirstDifference(first.Lines, second.Lines) is { } difference)
            foreign = [difference, .. foreign];
        if (foreign.Length > 0)
            throw new SimulationNotRepeatableException($"Seed {seed} is not repeatable: {string.Join("; ", foreign)}.");
    }

    private static string? FirstDifference(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        for (int i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            string one = first.ElementAtOrDefault(i) ?? "the end";
            string other = second.ElementAtOrDefault(i) ?? "the end";
            if (one != other)
                return $"event {i} is '{one.Trim()}' in the first run and '{other.Trim()}' in the second";
        }
        return null;
    }

    private static (EventLog Log, SimulationEngine Engine) Record(Func<SimulationScenario, Task> scenario, SimulationOptions options)
    {
        var log = new EventLog();
        var run = new SimulationRun(scenario, options with { EventLog = log });
        log.Ended(run.Execute());
        return (log, run.Engine);
    }
}
