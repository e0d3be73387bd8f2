using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class PositionOnSimulationTests() : PositionTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class PositionOnPriorityTests() : PositionTests(EngineUnderTest.Priority);
