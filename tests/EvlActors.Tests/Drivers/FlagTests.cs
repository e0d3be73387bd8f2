using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="FlagTests"/> under many orders.</summary>
public sealed class FlagTestsOnSimulation() : FlagTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="FlagTests"/> on real threads.</summary>
public sealed class FlagTestsOnPriority() : FlagTests(EngineUnderTest.Priority);
