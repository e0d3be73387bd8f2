using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="WrongStageTests"/> under many orders.</summary>
public sealed class WrongStageTestsOnSimulation() : WrongStageTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="WrongStageTests"/> on real threads.</summary>
public sealed class WrongStageTestsOnPriority() : WrongStageTests(EngineUnderTest.Priority);
