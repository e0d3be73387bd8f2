using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>Under many orders.</summary>
public sealed class ScullPipeOnSimulationTests() : ScullPipeTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class ScullPipeOnPriorityTests() : ScullPipeTests(EngineUnderTest.Priority);
