using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="KernelThreadTests"/> under many orders.</summary>
public sealed class KernelThreadTestsOnSimulation() : KernelThreadTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="KernelThreadTests"/> on real threads.</summary>
public sealed class KernelThreadTestsOnPriority() : KernelThreadTests(EngineUnderTest.Priority);
