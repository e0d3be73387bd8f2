using EvlActors.Actors;
using EvlActors.Behaviour;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnDeterministicTests : LatmusDeviceTests
{
    private ulong _seed;

    protected override int Rounds => 20;

    protected override IActorEngine CreateEngine() => new DeterministicEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario)
    {
        ((DeterministicEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }
}
