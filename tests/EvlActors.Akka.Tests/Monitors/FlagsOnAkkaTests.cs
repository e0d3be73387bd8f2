using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Monitors;

/// <summary>On Akka.</summary>
public sealed class FlagsOnAkkaTests() : FlagsTests(OnAkka.Engine);
