using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class IoctlOnSimulationTests() : IoctlTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class IoctlOnPriorityTests() : IoctlTests(EngineUnderTest.Priority);
