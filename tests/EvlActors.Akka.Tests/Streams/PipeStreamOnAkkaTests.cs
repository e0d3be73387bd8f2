using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Streams;

/// <summary>On Akka.</summary>
public sealed class PipeStreamOnAkkaTests() : PipeStreamTests(OnAkka.Engine);
