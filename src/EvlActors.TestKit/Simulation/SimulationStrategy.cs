namespace EvlActors.TestKit;

/// <summary>How a simulation chooses what runs next.</summary>
public enum SimulationStrategy
{
    /// <summary>Each time, every actor that has something to do is as likely as the others.</summary>
    Uniform,

    /// <summary>
    /// Probabilistic concurrency testing: each actor has a random priority, the highest runs, and at
    /// <see cref="SimulationOptions.Depth"/> - 1 random points of the run the one that would run drops below all others. Finds
    /// what needs few, but far apart, overtakings.
    /// </summary>
    Pct,
}
