using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>Akka's side of one actor of a machine.</summary>
internal sealed class CellActor(AkkaCell cell) : ActorBase
{
    protected override bool Receive(object message)
    {
        // Anything else comes from an actor of the host that has found the path.
        if (message is not Message own || own.Target != cell)
            return false;
        cell.Handle(own);
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => GroupActor.StopsWhatFails;

    protected override void PostStop() => cell.End();
}
