using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary>Many files, in one order.</summary>
public sealed class ManyFilesOnSimulationTests : ManyFilesTests
{
    protected override IActorEngine CreateEngine() => new SimulationEngine(1);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((SimulationEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}

/// <summary>Many files, on real threads.</summary>
public sealed class ManyFilesOnPriorityTests : ManyFilesTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override async Task Run(IActorEngine engine, Func<Task> scenario) =>
        await engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(120));
}
