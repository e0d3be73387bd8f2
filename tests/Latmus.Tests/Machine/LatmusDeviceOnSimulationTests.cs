using EvlActors.Actors;
using EvlActors.Behaviour;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnSimulationTests : LatmusDeviceTests
{
    private ulong _seed;

    protected override int Rounds => 20;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((SimulationEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}
