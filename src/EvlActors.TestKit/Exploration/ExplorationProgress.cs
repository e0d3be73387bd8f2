namespace EvlActors.TestKit;

/// <summary>How far an exploration is.</summary>
/// <param name="Schedules">How many runs have ended.</param>
/// <param name="Seeds">How many there will be if none fails.</param>
/// <param name="Elapsed">The real time since it began.</param>
public readonly record struct ExplorationProgress(long Schedules, long Seeds, TimeSpan Elapsed)
{
    /// <summary>How many runs end each second.</summary>
    public double PerSecond => Elapsed > TimeSpan.Zero ? Schedules / Elapsed.TotalSeconds : 0;

    /// <summary>"120,000 of 1,000,000 schedules, 48,000 a second".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Schedules:N0} of {Seeds:N0} schedules, {PerSecond:N0} a second";
}
