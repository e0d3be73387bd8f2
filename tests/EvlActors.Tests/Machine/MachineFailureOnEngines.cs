using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class MachineFailureOnSimulationTests() : MachineFailureTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class MachineFailureOnPriorityTests() : MachineFailureTests(EngineUnderTest.Priority);
