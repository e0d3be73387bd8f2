using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class AtomicOnSimulationTests() : AtomicTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class AtomicOnPriorityTests() : AtomicTests(EngineUnderTest.Priority);
