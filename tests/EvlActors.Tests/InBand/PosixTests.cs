using EvlActors.Behaviour;
using EvlActors.Behaviour.Posix;

namespace EvlActors.Tests;

/// <summary><see cref="PosixTests"/> under many orders.</summary>
public sealed class PosixTestsOnSimulation() : PosixTests(EngineUnderTest.Simulation(5));

/// <summary><see cref="PosixTests"/> on real threads.</summary>
public sealed class PosixTestsOnPriority() : PosixTests(EngineUnderTest.Priority);
