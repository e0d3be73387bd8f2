using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Behaviour.Posix;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="PosixTests"/> under many orders.</summary>
public sealed class PosixTestsOnSimulation : PosixTests
{
    private ulong _seed;

    protected override int Rounds => 5;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="PosixTests"/> on real threads.</summary>
public sealed class PosixTestsOnPriority : PosixTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
