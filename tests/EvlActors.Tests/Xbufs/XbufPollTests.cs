using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="XbufPollTests"/> under many orders.</summary>
public sealed class XbufPollTestsOnSimulation() : XbufPollTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="XbufPollTests"/> on real threads.</summary>
public sealed class XbufPollTestsOnPriority() : XbufPollTests(EngineUnderTest.Priority);
