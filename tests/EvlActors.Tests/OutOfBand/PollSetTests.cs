using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="PollSetTests"/> under many orders.</summary>
public sealed class PollSetTestsOnSimulation() : PollSetTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="PollSetTests"/> on real threads.</summary>
public sealed class PollSetTestsOnPriority() : PollSetTests(EngineUnderTest.Priority);
