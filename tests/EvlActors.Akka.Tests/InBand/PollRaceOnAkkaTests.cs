using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.InBand;

/// <summary>On Akka.</summary>
public sealed class PollRaceOnAkkaTests() : PollRaceTests(OnAkka.Times(5));
