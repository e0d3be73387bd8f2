using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;
using EvlActors.Engine;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class CredentialOnSimulationTests : CredentialTests
{
    private ulong _seed;

    protected override int Rounds => 40;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary>On real threads.</summary>
public sealed class CredentialOnPriorityTests : CredentialTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
