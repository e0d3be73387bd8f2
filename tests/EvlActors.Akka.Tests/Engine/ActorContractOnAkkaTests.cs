using EvlActors.Actors;
using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Engine;

/// <summary>The actor contract on Akka.</summary>
public sealed class ActorContractOnAkkaTests : ActorContractTests
{
    protected override int Rounds => 5;

    protected override IActorEngine CreateEngine() => OnAkka.Engine.Create();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Engine.Run(engine, scenario);
}
