using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>
/// The base of the machine's behaviour tests: one source, run on every engine. Scenarios use asynchronous calls only.
/// </summary>
public abstract class MachineTests
{
    /// <summary>How often each scenario is run, each time on a machine of its own: once per seed where there are seeds.</summary>
    protected virtual int Rounds => 1;

    /// <summary>Makes the engine of one run.</summary>
    protected abstract IActorEngine CreateEngine();

    /// <summary>Runs a scenario on an engine; fails if it does not end.</summary>
    protected abstract Task Run(IActorEngine engine, Func<Task> scenario);

    /// <summary>Plays a scenario on a fresh machine, <see cref="Rounds"/> times, with everything that happened recorded.</summary>
    protected async Task Play(Func<Scenario, Task> scenario, EvlMachineOptions? options = null)
    {
        for (int round = 0; round < Rounds; round++)
        {
            IActorEngine engine = CreateEngine();
            await Run(engine, async () =>
            {
                await using var machine = new EvlMachine((options ?? new EvlMachineOptions()) with { Engine = engine });
                await scenario(new Scenario(machine));
                Xunit.Assert.False(machine.Completion.IsFaulted, machine.Completion.Exception?.ToString());
            });
        }
    }
}
