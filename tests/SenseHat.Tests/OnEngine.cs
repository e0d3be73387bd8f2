using EvlActors.Actors;
using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>How a scenario is run on each engine.</summary>
internal static class OnEngine
{
    /// <summary>On the calling thread, to the end.</summary>
    internal static Task Simulation(IActorEngine engine, Func<Task> scenario)
    {
        ((SimulationEngine)engine).Run(scenario);
        return Task.CompletedTask;
    }

    /// <summary>On the engine's threads; what does not end fails.</summary>
    internal static Task Priority(IActorEngine engine, Func<Task> scenario) =>
        engine.RunBody(scenario).WaitAsync(TimeSpan.FromSeconds(60));
}
