namespace EvlActors.TestKit;

/// <summary>How a scenario is run once for each fault. Every value has a default that works.</summary>
public sealed record FailEachOptions
{
    /// <summary>How each run is run: its seed decides the order. Schedule and event log are not used, nor are faults that its
    /// machine has configured.</summary>
    public SimulationOptions Simulation { get; init; } = new() { TurnLimit = 1_000_000 };

    /// <summary>The points that are made to fail; null (default): all that the scenario meets.</summary>
    public IReadOnlyCollection<FaultPoint>? Points { get; init; }

    /// <summary>How long what is put off is put off, by the virtual clock; 1 ms by default.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);
}
