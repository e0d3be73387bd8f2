using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Streams;

/// <summary>On Akka.</summary>
public sealed class StreamRaceOnAkkaTests() : StreamRaceTests(OnAkka.Engine);
