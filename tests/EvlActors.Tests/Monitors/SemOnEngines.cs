using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class SemOnSimulationTests() : SemTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class SemOnPriorityTests() : SemTests(EngineUnderTest.Priority);
