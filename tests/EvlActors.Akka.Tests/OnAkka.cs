using Akka.Actor;
using EvlActors.Actors;
using EvlActors.Akka.Engine;

namespace EvlActors.Akka.Tests;

/// <summary>How a scenario is run on Akka: each on a machine of its own, all in one actor system, as in a host with several.</summary>
internal static class OnAkka
{
    private static readonly ActorSystem s_system = ActorSystem.Create("suites", "akka.loglevel = WARNING, akka.log-dead-letters = off");
    private static int s_engines;

    internal static IActorEngine CreateEngine() => new AkkaEngine(s_system, $"evl-{Interlocked.Increment(ref s_engines)}");

    /// <summary>On the engine's threads; what does not end fails.</summary>
    internal static Task Run(IActorEngine engine, Func<Task> scenario) =>
        engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(120));
}
