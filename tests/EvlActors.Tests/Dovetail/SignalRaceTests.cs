using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="SignalRaceTests"/> under many orders.</summary>
public sealed class SignalRaceTestsOnSimulation() : SignalRaceTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="SignalRaceTests"/> on real threads.</summary>
public sealed class SignalRaceTestsOnPriority() : SignalRaceTests(EngineUnderTest.Priority);
