using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class LaneOnSimulationTests() : LaneTests(EngineUnderTest.Simulation(10));

/// <summary>On real threads.</summary>
public sealed class LaneOnPriorityTests() : LaneTests(EngineUnderTest.Priority);
