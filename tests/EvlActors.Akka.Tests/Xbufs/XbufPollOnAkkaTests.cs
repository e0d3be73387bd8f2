using EvlActors.Behaviour;

namespace EvlActors.Akka.Tests.Xbufs;

/// <summary>On Akka.</summary>
public sealed class XbufPollOnAkkaTests() : XbufPollTests(OnAkka.Engine);
