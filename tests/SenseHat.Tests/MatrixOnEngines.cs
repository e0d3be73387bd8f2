using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>Under many orders.</summary>
public sealed class MatrixOnSimulationTests() : MatrixTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class MatrixOnPriorityTests() : MatrixTests(EngineUnderTest.Priority);
