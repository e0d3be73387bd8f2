using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="TimerTests"/> under many orders.</summary>
public sealed class TimerTestsOnSimulation() : TimerTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="TimerTests"/> on real threads.</summary>
public sealed class TimerTestsOnPriority() : TimerTests(EngineUnderTest.Priority);
