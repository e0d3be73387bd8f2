using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="ThreadModeTests"/> under many orders.</summary>
public sealed class ThreadModeTestsOnSimulation() : ThreadModeTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="ThreadModeTests"/> on real threads.</summary>
public sealed class ThreadModeTestsOnPriority() : ThreadModeTests(EngineUnderTest.Priority);
