using EvlActors.Actors;
using EvlActors.Behaviour.Posix;

namespace EvlActors.Akka.Tests.Posix;

/// <summary>On Akka.</summary>
public sealed class PosixOnAkkaTests : PosixTests
{
    protected override IActorEngine CreateEngine() => OnAkka.CreateEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnAkka.Run(engine, scenario);
}
