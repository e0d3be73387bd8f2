using EvlActors.Actors;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Akka.Tests.Machine;

/// <summary>On Akka.</summary>
public sealed class MachineFailureOnAkkaTests : MachineFailureTests
{
    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
