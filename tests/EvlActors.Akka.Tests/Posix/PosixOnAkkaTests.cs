using EvlActors.Behaviour.Posix;

namespace EvlActors.Akka.Tests.Posix;

/// <summary>On Akka.</summary>
public sealed class PosixOnAkkaTests() : PosixTests(OnAkka.Engine);
