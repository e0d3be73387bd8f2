using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Drivers;

/// <summary>On Akka.</summary>
public sealed class AtomicOnAkkaTests() : AtomicTests(OnAkka.Engine);
