using Akka.Actor;
using Akka.Event;

namespace EvlActors.Akka.Engine;

/// <summary>
/// Above all actors of a machine. A machine without one of them would leave calls unanswered, so all of it ends with the first
/// that somebody else stops.
/// </summary>
internal sealed class RootActor(ILoggingAdapter log, Action stopped) : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not StoppedByAnother one)
            return false;
        log.Error("Actor {0} of a machine was stopped by somebody else: the machine ends.", one.Path);
        Context.Stop(Self);
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => GroupActor.StopsWhatFails;

    protected override void PostStop() => stopped();
}
