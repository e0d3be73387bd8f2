using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Dovetail;

/// <summary>On Akka.</summary>
public sealed class ThreadModeOnAkkaTests() : ThreadModeTests(OnAkka.Engine);
