using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>Under many orders.</summary>
public sealed class JoystickOnSimulationTests() : JoystickTests(EngineUnderTest.Simulation(30));

/// <summary>On real threads.</summary>
public sealed class JoystickOnPriorityTests() : JoystickTests(EngineUnderTest.Priority);
