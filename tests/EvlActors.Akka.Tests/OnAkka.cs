using Akka.Actor;
using EvlActors.Actors;
using EvlActors.Akka.Engine;
using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests;

/// <summary>The suites on Akka: each scenario on a machine of its own, all in one actor system, as in a host with several.</summary>
internal sealed class OnAkka(int rounds) : EngineUnderTest
{
    private static readonly ActorSystem s_system = ActorSystem.Create("suites", "akka.loglevel = WARNING, akka.log-dead-letters = off");
    private static int s_engines;

    internal static EngineUnderTest Engine { get; } = Times(1);

    public override int Rounds => rounds;

    internal static EngineUnderTest Times(int rounds) => new OnAkka(rounds);

    public override IActorEngine Create() => new AkkaEngine(s_system, $"evl-{Interlocked.Increment(ref s_engines)}");

    /// <summary>On the engine's threads; what does not end fails.</summary>
    public override Task Run(IActorEngine engine, Func<Task> scenario) =>
        engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(120));
}
