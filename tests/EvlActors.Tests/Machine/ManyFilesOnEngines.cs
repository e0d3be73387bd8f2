using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Many files, in one order.</summary>
public sealed class ManyFilesOnSimulationTests() : ManyFilesTests(EngineUnderTest.Simulation(1));

/// <summary>Many files, on real threads.</summary>
public sealed class ManyFilesOnPriorityTests() : ManyFilesTests(EngineUnderTest.Priority);
