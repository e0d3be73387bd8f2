using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class MissingHandlerOnDeterministicTests : MissingHandlerTests
{
    private ulong _seed;

    protected override int Rounds => Engines.Seeds;

    protected override IActorEngine CreateEngine() => new DeterministicEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => Engines.Simulate(engine, scenario);
}

/// <summary>On real threads.</summary>
public sealed class MissingHandlerOnPriorityTests : MissingHandlerTests
{
    protected override IActorEngine CreateEngine() => Engines.Real();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => Engines.RunForReal(engine, scenario);
}
