using EvlActors.Behaviour.Machine;

namespace EvlActors.Akka.Tests.Machine;

/// <summary>On Akka.</summary>
public sealed class FaultOnAkkaTests() : FaultTests(OnAkka.Engine);
