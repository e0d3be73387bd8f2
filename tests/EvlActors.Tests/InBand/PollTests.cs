using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="PollTests"/> under many orders.</summary>
public sealed class PollTestsOnSimulation() : PollTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="PollTests"/> on real threads.</summary>
public sealed class PollTestsOnPriority() : PollTests(EngineUnderTest.Priority);
