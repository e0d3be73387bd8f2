using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Monitors;

/// <summary>On Akka.</summary>
public sealed class FlagsOnAkkaTests : FlagsTests
{
    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
