using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace SenseHat.Tests;

/// <summary>Under many orders.</summary>
public sealed class JoystickOnSimulationTests : JoystickTests
{
    private ulong _seed;

    protected override int Rounds => 30;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary>On real threads.</summary>
public sealed class JoystickOnPriorityTests : JoystickTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
