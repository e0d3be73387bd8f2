using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary><see cref="StreamTests"/> under many orders.</summary>
public sealed class StreamTestsOnSimulation() : StreamTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="StreamTests"/> on real threads.</summary>
public sealed class StreamTestsOnPriority() : StreamTests(EngineUnderTest.Priority);

/// <summary><see cref="PipeStreamTests"/> under many orders.</summary>
public sealed class PipeStreamTestsOnSimulation() : PipeStreamTests(EngineUnderTest.Simulation(25));

/// <summary><see cref="PipeStreamTests"/> on real threads.</summary>
public sealed class PipeStreamTestsOnPriority() : PipeStreamTests(EngineUnderTest.Priority);

/// <summary><see cref="ChannelStreamTests"/> under many orders.</summary>
public sealed class ChannelStreamTestsOnSimulation() : ChannelStreamTests(EngineUnderTest.Simulation(50));

/// <summary><see cref="ChannelStreamTests"/> on real threads.</summary>
public sealed class ChannelStreamTestsOnPriority() : ChannelStreamTests(EngineUnderTest.Priority);

/// <summary><see cref="StreamRaceTests"/> under many orders.</summary>
public sealed class StreamRaceTestsOnSimulation() : StreamRaceTests(EngineUnderTest.Simulation(300));

/// <summary><see cref="StreamRaceTests"/> on real threads.</summary>
public sealed class StreamRaceTestsOnPriority() : StreamRaceTests(EngineUnderTest.PriorityTimes(20));
