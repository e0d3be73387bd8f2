using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="PollRaceTests"/> under many orders.</summary>
// The rarest order that ever failed, a DEL of a file that was closed after its number had been looked up, came with seed 1376.
public sealed class PollRaceTestsOnSimulation() : PollRaceTests(EngineUnderTest.Simulation(10_000));

/// <summary><see cref="PollRaceTests"/> on real threads.</summary>
public sealed class PollRaceTestsOnPriority() : PollRaceTests(EngineUnderTest.Priority);
