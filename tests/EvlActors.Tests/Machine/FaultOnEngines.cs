using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class FaultOnSimulationTests() : FaultTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class FaultOnPriorityTests() : FaultTests(EngineUnderTest.Priority);
