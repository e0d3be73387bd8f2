using EvlActors.Behaviour;

namespace Latmus.Tests;

public sealed class LatmusDeviceOnSimulationTests() : LatmusDeviceTests(EngineUnderTest.Simulation(20));
