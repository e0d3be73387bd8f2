using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>The machine's smoke tests under many orders.</summary>
public sealed class SmokeOnSimulationTests : SmokeTests
{
    private ulong _seed;

    protected override int Rounds => 50;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((SimulationEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}
