using EvlActors.Behaviour;
using EvlActors.Behaviour.Machine;

namespace EvlActors.Tests.Machine;

/// <summary>Under many orders.</summary>
public sealed class OutsideOnSimulationTests() : OutsideTests(EngineUnderTest.Simulation(1));

/// <summary>On real threads.</summary>
public sealed class OutsideOnPriorityTests() : OutsideTests(EngineUnderTest.Priority);
