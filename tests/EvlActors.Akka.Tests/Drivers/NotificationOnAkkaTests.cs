using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Drivers;

/// <summary>On Akka.</summary>
public sealed class NotificationOnAkkaTests : NotificationTests
{
    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
