using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="XbufTests"/> under many orders.</summary>
public sealed class XbufTestsOnSimulation() : XbufTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="XbufTests"/> on real threads.</summary>
public sealed class XbufTestsOnPriority() : XbufTests(EngineUnderTest.Priority);
