using EvlActors.Actors;
using EvlActors.Engine;

namespace EvlActors.Behaviour;

/// <summary>An engine that the suites are run on: how one is made for a run, how often, and how a scenario is run on it.</summary>
public abstract class EngineUnderTest
{
    /// <summary>The priority engine: each scenario once, on real threads.</summary>
    public static EngineUnderTest Priority { get; } = PriorityTimes(1);

    /// <summary>How often each scenario is run, each time on an engine of its own.</summary>
    public virtual int Rounds => 1;

    /// <summary>The simulation engine: each scenario under so many orders.</summary>
    /// <param name="seeds">How many; the first has the seed 1.</param>
    /// <returns>The engine, for one test.</returns>
    public static EngineUnderTest Simulation(int seeds) => new SimulationUnderTest(seeds);

    /// <summary>The priority engine: each scenario several times.</summary>
    /// <param name="rounds">How often.</param>
    /// <returns>The engine.</returns>
    public static EngineUnderTest PriorityTimes(int rounds) => new PriorityUnderTest(rounds);

    /// <summary>Makes the engine of one run.</summary>
    /// <returns>It.</returns>
    public abstract IActorEngine Create();

    /// <summary>Runs a scenario on an engine; fails if it does not end.</summary>
    /// <param name="engine">An engine that <see cref="Create"/> made.</param>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Its end.</returns>
    public abstract Task Run(IActorEngine engine, Func<Task> scenario);

    private sealed class SimulationUnderTest(int seeds) : EngineUnderTest
    {
        private ulong _seed;

        public override int Rounds => seeds;

        public override IActorEngine Create() => new SimulationEngine(++_seed);

        // On the calling thread, to the end.
        public override Task Run(IActorEngine engine, Func<Task> scenario)
        {
            ((SimulationEngine)engine).Run(scenario);
            return Task.CompletedTask;
        }
    }

    private sealed class PriorityUnderTest(int rounds) : EngineUnderTest
    {
        // Only what hangs takes as long, on however busy a host.
        private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

        public override int Rounds => rounds;

        public override IActorEngine Create() => new PriorityEngine();

        public override Task Run(IActorEngine engine, Func<Task> scenario) => engine.RunBody(scenario).WaitAsync(s_limit);
    }
}
