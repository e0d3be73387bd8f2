using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="SelectTests"/> under many orders.</summary>
public sealed class SelectTestsOnSimulation() : SelectTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="SelectTests"/> on real threads.</summary>
public sealed class SelectTestsOnPriority() : SelectTests(EngineUnderTest.Priority);
