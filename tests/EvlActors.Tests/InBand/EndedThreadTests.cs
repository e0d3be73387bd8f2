using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class EndedThreadOnSimulationTests() : EndedThreadTests(EngineUnderTest.Simulation(20));

/// <summary>On real threads.</summary>
public sealed class EndedThreadOnPriorityTests() : EndedThreadTests(EngineUnderTest.Priority);
