using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="SignalHandlerTests"/> under many orders.</summary>
public sealed class SignalHandlerTestsOnSimulation() : SignalHandlerTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="SignalHandlerTests"/> on real threads.</summary>
public sealed class SignalHandlerTestsOnPriority() : SignalHandlerTests(EngineUnderTest.Priority);
