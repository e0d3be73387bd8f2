using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;
using EvlActors.Engine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class FaultOnSimulationTests : FaultTests
{
    private ulong _seed;

    protected override int Rounds => 30;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary>On real threads.</summary>
public sealed class FaultOnPriorityTests : FaultTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
