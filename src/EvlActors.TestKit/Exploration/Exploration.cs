namespace EvlActors.TestKit;

/// <summary>Runs a scenario in many orders, and brings back the shortest one that fails.</summary>
public static class Exploration
{
    /// <summary>
    /// Runs a scenario under many seeds, on all CPUs, until one fails or all have run. Blocks the calling thread. The scenario is
    /// run on several threads at once, each time with a machine of its own: what it shares between runs is its own business.
    /// </summary>
    /// <param name="scenario">What is done with the machine, by asynchronous calls.</param>
    /// <param name="seeds">How many seeds, at least 1.</param>
    /// <param name="options">How it is explored; null: the defaults.</param>
    /// <returns>What was found; of several failures that of the lowest seed, whatever the number of workers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ExplorationResult Explore(
        Func<SimulationScenario, Task> scenario, long seeds = 10_000, ExplorationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        options ??= new ExplorationOptions();
        if (options.Workers < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Workers, $"{nameof(ExplorationOptions.Workers)} is at least 1.");
        var search = new SeedSearch(scenario, seeds, options);
        ExplorationProgress end = search.Run();
        ExplorationFailure? failure = search.FailedSeed is { } seed ? new Shrinker(scenario, options).Shrink(seed) : null;
        return new ExplorationResult(end.Schedules, end.Elapsed, failure);
    }
}
