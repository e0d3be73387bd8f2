using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;

namespace EvlActors.Tests;

/// <summary><see cref="PollRaceTests"/> under many orders.</summary>
public sealed class PollRaceTestsOnSimulation : PollRaceTests
{
    private ulong _seed;

    // Ten thousand hold too, and take 12 s more than one thousand: half of them here. The rarest order that ever failed, a DEL
    // of a file that was closed after its number had been looked up, came with seed 1376.
    protected override int Rounds => 5000;

    protected override IActorEngine CreateEngine() => new SimulationEngine(++_seed);

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Simulation(engine, scenario);
}

/// <summary><see cref="PollRaceTests"/> on real threads.</summary>
public sealed class PollRaceTestsOnPriority : PollRaceTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine();

    protected override Task Run(IActorEngine engine, Func<Task> scenario) => OnEngine.Priority(engine, scenario);
}
