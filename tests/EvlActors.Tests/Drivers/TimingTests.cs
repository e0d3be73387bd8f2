using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="TimingTests"/> under many orders.</summary>
public sealed class TimingTestsOnSimulation() : TimingTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="TimingTests"/> on real threads.</summary>
public sealed class TimingTestsOnPriority() : TimingTests(EngineUnderTest.Priority);
