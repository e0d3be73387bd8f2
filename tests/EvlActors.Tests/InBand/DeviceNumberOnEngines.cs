using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>Under many orders.</summary>
public sealed class DeviceNumberOnSimulationTests() : DeviceNumberTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class DeviceNumberOnPriorityTests() : DeviceNumberTests(EngineUnderTest.Priority);
