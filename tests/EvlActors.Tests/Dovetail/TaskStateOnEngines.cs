using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class TaskStateOnSimulationTests() : TaskStateTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class TaskStateOnPriorityTests() : TaskStateTests(EngineUnderTest.Priority);
