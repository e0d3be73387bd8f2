using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>Akka's side of one actor of a machine.</summary>
internal sealed class CellActor : ActorBase
{
    private readonly AkkaCell _cell;

    internal CellActor(AkkaCell cell)
    {
        _cell = cell;
        // Also here: it may be stopped before whoever spawns it has the reference.
        cell.Address = Self;
    }

    protected override bool Receive(object message)
    {
        // Anything else comes from an actor of the host that has found the path.
        if (message is not Message own || own.Target != _cell)
            return false;
        _cell.Handle(own);
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => GroupActor.StopsWhatFails;

    protected override void PostStop() => _cell.End();
}
