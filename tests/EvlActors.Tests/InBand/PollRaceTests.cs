using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="PollRaceTests"/> under many orders.</summary>
public sealed class PollRaceTestsOnSimulation : PollRaceTests
{
    private ulong _seed;

    protected override int Rounds => 1000;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="PollRaceTests"/> on real threads.</summary>
public sealed class PollRaceTestsOnPriority : PollRaceTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
