using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="ReleaseTests"/> under many orders.</summary>
public sealed class ReleaseTestsOnSimulation : ReleaseTests
{
    private ulong _seed;

    protected override int Rounds => 50;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="ReleaseTests"/> on real threads.</summary>
public sealed class ReleaseTestsOnPriority : ReleaseTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
