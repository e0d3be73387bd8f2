using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class SnapshotOnSimulationTests() : SnapshotTests(EngineUnderTest.Simulation(20));

/// <summary>On real threads.</summary>
public sealed class SnapshotOnPriorityTests() : SnapshotTests(EngineUnderTest.Priority);
