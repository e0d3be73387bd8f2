using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Tests.Engine;

/// <summary>The contract on the deterministic engine, under many orders.</summary>
public sealed class DeterministicEngineContractTests : ActorContractTests
{
    private ulong _seed;

    protected override int Rounds => 25;

    protected override IActorEngine CreateEngine() => new DeterministicEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((DeterministicEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}
