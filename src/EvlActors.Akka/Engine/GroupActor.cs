using Akka.Actor;

namespace EvlActors.Akka.Engine;

/// <summary>
/// A part of a path, such as /user/evl/files: supervises the actors under it, and says when it has stopped.
/// </summary>
internal sealed class GroupActor(Action<ActorPath> stopped) : ActorBase
{
    /// <summary>
    /// What fails is stopped: its messages are given back and the machine's own supervisor is told. A restart would be an actor
    /// without the state that others rely on.
    /// </summary>
    internal static SupervisorStrategy StopsWhatFails { get; } = new OneForOneStrategy(static _ => Directive.Stop);

    protected override bool Receive(object message) => false;

    protected override SupervisorStrategy SupervisorStrategy() => StopsWhatFails;

    protected override void PostStop() => stopped(Self.Path);
}
