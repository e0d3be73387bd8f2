using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>
/// The base of the machine's behaviour tests: one source, run on every engine. Scenarios use asynchronous calls only.
/// </summary>
/// <param name="engine">What a derived class runs them on.</param>
public abstract class MachineTests(EngineUnderTest engine)
{
    /// <summary>What the scenarios run on.</summary>
    protected EngineUnderTest Engine => engine;

    /// <summary>Plays a scenario on fresh machines, as often as the engine says, with everything that happened recorded.</summary>
    protected async Task Play(Func<Scenario, Task> scenario, EvlMachineOptions? options = null)
    {
        for (int round = 0; round < engine.Rounds; round++)
        {
            IActorEngine fresh = engine.Create();
            await engine.Run(fresh, async () =>
            {
                await using var machine = new EvlMachine((options ?? new EvlMachineOptions()) with { Engine = fresh });
                await scenario(new Scenario(machine));
                Xunit.Assert.False(machine.Completion.IsFaulted, machine.Completion.Exception?.ToString());
            });
        }
    }
}
