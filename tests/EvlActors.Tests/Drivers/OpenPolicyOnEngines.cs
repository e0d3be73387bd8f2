using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class OpenPolicyOnSimulationTests() : OpenPolicyTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class OpenPolicyOnPriorityTests() : OpenPolicyTests(EngineUnderTest.Priority);
