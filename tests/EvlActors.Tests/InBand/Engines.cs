using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests.InBand;

/// <summary>How a suite runs on each engine.</summary>
internal static class Engines
{
    internal const int Seeds = 40;

    internal static Task Simulate(IActorEngine engine, Func<Task> scenario)
    {
        ((DeterministicEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }

    internal static async Task RunForReal(IActorEngine engine, Func<Task> scenario) =>
        await engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(60));

    internal static IActorEngine Real() => new PriorityEngine();
}
