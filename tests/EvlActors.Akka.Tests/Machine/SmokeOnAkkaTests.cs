using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Machine;

/// <summary>On Akka.</summary>
public sealed class SmokeOnAkkaTests() : SmokeTests(OnAkka.Engine);
