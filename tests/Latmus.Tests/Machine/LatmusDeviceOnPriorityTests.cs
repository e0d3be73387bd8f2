using EvlActors.Behaviour;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnPriorityTests() : LatmusDeviceTests(EngineUnderTest.Priority);
