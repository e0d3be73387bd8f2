using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="SemaphoreTests"/> under many orders.</summary>
public sealed class SemaphoreTestsOnSimulation() : SemaphoreTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="SemaphoreTests"/> on real threads.</summary>
public sealed class SemaphoreTestsOnPriority() : SemaphoreTests(EngineUnderTest.Priority);
