namespace EvlActors.TestKit;

/// <summary>How a scenario is explored. Every value has a default that works.</summary>
public sealed record ExplorationOptions
{
    /// <summary>How each run is run; seed, schedule and event log are not used. By default uniformly, with at most a million
    /// turns.</summary>
    public SimulationOptions Simulation { get; init; } = new() { TurnLimit = 1_000_000 };

    /// <summary>The first seed; 1 by default.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>How many threads explore, one simulation at a time each; one per CPU by default, at least 1.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Is told how far it is; null (default): nobody.</summary>
    public IProgress<ExplorationProgress>? Progress { get; init; }

    /// <summary>How often <see cref="Progress"/> is told, in real time; each second by default.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many runs the shrinking of a failure may take; 5,000 by default, 0: it is not shrunk.</summary>
    public int ShrinkLimit { get; init; } = 5_000;
}
