using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="FailingDeviceTests"/> under many orders.</summary>
public sealed class FailingDeviceTestsOnSimulation() : FailingDeviceTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="FailingDeviceTests"/> on real threads.</summary>
public sealed class FailingDeviceTestsOnPriority() : FailingDeviceTests(EngineUnderTest.Priority);
