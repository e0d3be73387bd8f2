using EvlActors.Behaviour.Machine;

namespace EvlActors.Akka.Tests.Machine;

/// <summary>On Akka.</summary>
public sealed class SnapshotOnAkkaTests() : SnapshotTests(OnAkka.Engine);
