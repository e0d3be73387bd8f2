using EvlActors.Behaviour;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnPriorityTests() : LatmusDeviceTests(EngineUnderTest.PriorityTimes(1, limitSeconds: 60));
