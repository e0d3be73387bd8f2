using EvlActors.Actors;
using EvlActors.Engine;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnPriorityTests : LatmusDeviceTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override async Task Run(IActorEngine engine, Func<Task> scenario) =>
        await engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(60));
}
