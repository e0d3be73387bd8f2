using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="ServicesTests"/> under many orders.</summary>
public sealed class ServicesTestsOnSimulation() : ServicesTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="ServicesTests"/> on real threads.</summary>
public sealed class ServicesTestsOnPriority() : ServicesTests(EngineUnderTest.Priority);
