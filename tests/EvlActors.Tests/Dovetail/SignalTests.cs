using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="SignalTests"/> under many orders.</summary>
public sealed class SignalTestsOnSimulation() : SignalTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="SignalTests"/> on real threads.</summary>
public sealed class SignalTestsOnPriority() : SignalTests(EngineUnderTest.Priority);
