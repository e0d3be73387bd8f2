using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class CoreSleepOnSimulationTests() : CoreSleepTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class CoreSleepOnPriorityTests() : CoreSleepTests(EngineUnderTest.Priority);
