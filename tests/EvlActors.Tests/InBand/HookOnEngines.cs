using EvlActors.Behaviour;
using EvlActors.Behaviour.InBand;

namespace EvlActors.Tests.InBand;

/// <summary>Under many orders.</summary>
public sealed class HookOnSimulationTests() : HookTests(EngineUnderTest.Simulation(40));

/// <summary>On real threads.</summary>
public sealed class HookOnPriorityTests() : HookTests(EngineUnderTest.Priority);
