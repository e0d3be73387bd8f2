using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Machine;

/// <summary>On Akka.</summary>
public sealed class ManyFilesOnAkkaTests() : ManyFilesTests(OnAkka.Engine);
