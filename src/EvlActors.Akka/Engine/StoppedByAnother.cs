using Akka.Actor;
using Akka.Event;

namespace EvlActors.Akka.Engine;

/// <summary>To the root of a machine: the host has stopped one of its actors. Too late if the root stops too, and then not missed.</summary>
/// <param name="Path">The actor's.</param>
internal sealed record StoppedByAnother(ActorPath Path) : IDeadLetterSuppression;
