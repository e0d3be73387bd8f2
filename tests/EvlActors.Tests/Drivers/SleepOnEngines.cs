using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class SleepOnSimulationTests() : SleepTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class SleepOnPriorityTests() : SleepTests(EngineUnderTest.Priority);
