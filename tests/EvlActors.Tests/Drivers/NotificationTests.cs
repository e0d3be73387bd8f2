using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="NotificationTests"/> under many orders.</summary>
public sealed class NotificationTestsOnSimulation() : NotificationTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="NotificationTests"/> on real threads.</summary>
public sealed class NotificationTestsOnPriority() : NotificationTests(EngineUnderTest.Priority);
