using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Files;

/// <summary>On Akka.</summary>
public sealed class ReleaseRaceOnAkkaTests : ReleaseRaceTests
{
    protected override int Rounds => 5;

    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
