using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="InterStageTests"/> under many orders.</summary>
public sealed class InterStageTestsOnSimulation() : InterStageTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="InterStageTests"/> on real threads.</summary>
public sealed class InterStageTestsOnPriority() : InterStageTests(EngineUnderTest.Priority);
