using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>The machine's smoke tests on real threads.</summary>
public sealed class SmokeOnPriorityTests() : SmokeTests(EngineUnderTest.Priority);
