using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class ScullPipeOnSimulationTests() : ScullPipeTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class ScullPipeOnPriorityTests() : ScullPipeTests(EngineUnderTest.Priority);
