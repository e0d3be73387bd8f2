using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>Under many orders.</summary>
public sealed class ScullOnSimulationTests() : ScullTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class ScullOnPriorityTests() : ScullTests(EngineUnderTest.Priority);
