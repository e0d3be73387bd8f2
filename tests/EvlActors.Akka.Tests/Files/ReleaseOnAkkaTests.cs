using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Files;

/// <summary>On Akka.</summary>
public sealed class ReleaseOnAkkaTests() : ReleaseTests(OnAkka.Engine);
