using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary>The machine's smoke tests on real threads.</summary>
public sealed class SmokeOnPriorityTests : SmokeTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override async Task Run(IActorEngine engine, Func<Task> scenario) =>
        await engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(60));
}
