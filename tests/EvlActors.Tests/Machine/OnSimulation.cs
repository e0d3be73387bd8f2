using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>The machine's smoke tests under many orders.</summary>
public sealed class SmokeOnSimulationTests() : SmokeTests(EngineUnderTest.Simulation(50));
