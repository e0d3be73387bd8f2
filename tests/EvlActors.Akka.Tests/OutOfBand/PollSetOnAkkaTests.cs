using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.OutOfBand;

/// <summary>On Akka.</summary>
public sealed class PollSetOnAkkaTests() : PollSetTests(OnAkka.Engine);
