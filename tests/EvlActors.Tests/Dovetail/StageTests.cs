using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="StageTests"/> under many orders.</summary>
public sealed class StageTestsOnSimulation() : StageTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="StageTests"/> on real threads.</summary>
public sealed class StageTestsOnPriority() : StageTests(EngineUnderTest.Priority);
