namespace EvlActors.TestKit;

/// <summary>How a simulation is run. Every value has a default that works.</summary>
public sealed record SimulationOptions
{
    /// <summary>What every choice and every draw comes from; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How the next actor is chosen; uniformly by default.</summary>
    public SimulationStrategy Strategy { get; init; }

    /// <summary>How many orderings a defect needs to show that <see cref="SimulationStrategy.Pct"/> looks for, so one more than it
    /// has change points; 3 by default, at least 1.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>How many choices a run has, roughly: <see cref="SimulationStrategy.Pct"/> puts its change points among so many
    /// first ones; 200 by default, at least 1.</summary>
    public int Length { get; init; } = 200;

    /// <summary>
    /// Whether the turns of a call follow one another as in the priority engine: where a turn ends by passing its call on, and its receiver
    /// has nothing as urgent to do, the receiver's turn is next, and the answer comes back the same way. False (default): anything may
    /// come in between, which finds more, but the machine never goes the short ways of that engine. While a call is held (<see cref="SimulationScenario.Hold"/>) every turn waits for its choice.
    /// </summary>
    public bool MergesTurns { get; init; }

    /// <summary>The choices to repeat, of a run that was shrunk; null (default): the strategy chooses. Its seed stands for
    /// <see cref="Seed"/>.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>The recorded order that the run is led by; null: by none.</summary>
    internal RecordedOrder? Recorded { get; init; }

    /// <summary>Where every turn and every event is written; null (default): nowhere.</summary>
    public EventLog? EventLog { get; init; }

    /// <summary>How many turns one run may take before it is taken for a livelock; 100 million by default.</summary>
    public long TurnLimit { get; init; } = 100_000_000;

    /// <summary>How long, in real time, the simulation waits for what is awaited and no actor's; 10 s by default.</summary>
    public TimeSpan ForeignLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long, in real time, the simulation waits before it calls itself stuck while some body awaits neither a call
    /// nor anything else that the engine knows of: it may be something foreign. 1 s by default; shrinking waits
    /// for nothing.</summary>
    public TimeSpan ForeignGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The options of the machine; its engine is the simulation's.</summary>
    public EvlMachineOptions Machine { get; init; } = new();
}
