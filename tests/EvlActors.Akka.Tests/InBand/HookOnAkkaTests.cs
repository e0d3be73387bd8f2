using EvlActors.Behaviour.InBand;

namespace EvlActors.Akka.Tests.InBand;

/// <summary>On Akka.</summary>
public sealed class HookOnAkkaTests() : HookTests(OnAkka.Engine);
