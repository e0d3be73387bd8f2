using EvlActors;
using EvlActors.Behaviour;

namespace Latmus.Tests;

/// <summary>A machine on virtual time, where nothing takes time unless a test says so.</summary>
internal static class Simulation
{
    public static void Run(Func<EvlMachine, Task> scenario)
    {
        SimulationEngine engine = new(seed: 7);
        engine.Run(async () =>
        {
            await using var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
            await scenario(machine);
            Assert.False(machine.Completion.IsFaulted, machine.Completion.Exception?.ToString());
        });
    }
}
