using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="XbufPollTests"/> under many orders.</summary>
public sealed class XbufPollTestsOnSimulation : XbufPollTests
{
    private ulong _seed;

    protected override int Rounds => 50;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="XbufPollTests"/> on real threads.</summary>
public sealed class XbufPollTestsOnPriority : XbufPollTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
