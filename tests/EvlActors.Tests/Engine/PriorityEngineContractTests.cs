using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests.Engine;

/// <summary>The actor contract on the priority engine, as the machine's permissions have it.</summary>
public class PriorityEngineContractTests : ActorContractTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    protected override int Rounds => 5;

    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override async Task Run(IActorEngine engine, Func<Task> scenario) => await engine.RunBody(scenario).WaitAsync(s_limit);
}
