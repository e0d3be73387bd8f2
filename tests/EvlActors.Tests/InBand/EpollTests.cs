using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="EpollTests"/> under many orders.</summary>
public sealed class EpollTestsOnSimulation() : EpollTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="EpollTests"/> on real threads.</summary>
public sealed class EpollTestsOnPriority() : EpollTests(EngineUnderTest.Priority);
