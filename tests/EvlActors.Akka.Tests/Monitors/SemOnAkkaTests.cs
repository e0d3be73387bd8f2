using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Monitors;

/// <summary>On Akka.</summary>
public sealed class SemOnAkkaTests() : SemTests(OnAkka.Engine);
