using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Dovetail;

/// <summary>On Akka.</summary>
public sealed class SignalRaceOnAkkaTests() : SignalRaceTests(OnAkka.Times(5));
