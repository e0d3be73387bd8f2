using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class ControlByWritingOnSimulationTests() : ControlByWritingTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class ControlByWritingOnPriorityTests() : ControlByWritingTests(EngineUnderTest.Priority);
