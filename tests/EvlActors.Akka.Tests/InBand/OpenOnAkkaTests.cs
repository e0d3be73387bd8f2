using EvlActors.Actors;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Akka.Tests.InBand;

/// <summary>On Akka.</summary>
public sealed class OpenOnAkkaTests : OpenTests
{
    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
