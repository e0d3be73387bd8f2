using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests;

/// <summary><see cref="ChildSignalTests"/> under many orders.</summary>
public sealed class ChildSignalTestsOnSimulation() : ChildSignalTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="ChildSignalTests"/> on real threads.</summary>
public sealed class ChildSignalTestsOnPriority() : ChildSignalTests(EngineUnderTest.Priority);
