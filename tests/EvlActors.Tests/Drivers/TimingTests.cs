using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="TimingTests"/> under many orders.</summary>
public sealed class TimingTestsOnSimulation : TimingTests
{
    private ulong _seed;

    protected override int Rounds => 50;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="TimingTests"/> on real threads.</summary>
public sealed class TimingTestsOnPriority : TimingTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
