using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class MissingHandlerOnSimulationTests() : MissingHandlerTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class MissingHandlerOnPriorityTests() : MissingHandlerTests(EngineUnderTest.Priority);
