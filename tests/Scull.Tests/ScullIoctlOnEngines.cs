using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>Under many orders.</summary>
public sealed class ScullIoctlOnSimulationTests() : ScullIoctlTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class ScullIoctlOnPriorityTests() : ScullIoctlTests(EngineUnderTest.Priority);
