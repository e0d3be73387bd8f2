using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.TestKit.Tests;

/// <summary>The contract on the simulation engine, under many orders.</summary>
public sealed class SimulationEngineContractTests : ActorContractTests
{
    private ulong _seed;

    protected override int Rounds => 25;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((SimulationEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}
