using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class FlagsOnSimulationTests() : FlagsTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class FlagsOnPriorityTests() : FlagsTests(EngineUnderTest.Priority);
