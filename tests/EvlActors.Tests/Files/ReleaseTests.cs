using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="ReleaseTests"/> under many orders.</summary>
public sealed class ReleaseTestsOnSimulation() : ReleaseTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="ReleaseTests"/> on real threads.</summary>
public sealed class ReleaseTestsOnPriority() : ReleaseTests(EngineUnderTest.Priority);
