using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>Under many orders.</summary>
public sealed class ScullAccessOnSimulationTests() : ScullAccessTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class ScullAccessOnPriorityTests() : ScullAccessTests(EngineUnderTest.Priority);
