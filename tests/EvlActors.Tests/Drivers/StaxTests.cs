using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="StaxTests"/> under many orders.</summary>
public sealed class StaxTestsOnSimulation() : StaxTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="StaxTests"/> on real threads.</summary>
public sealed class StaxTestsOnPriority() : StaxTests(EngineUnderTest.Priority);
