using Akka.Actor;

namespace EvlActors.Akka.Engine;

/// <summary>Makes the Akka actor of one cell, once: an actor that fails is stopped, never restarted.</summary>
internal sealed class CellProducer(AkkaCell cell) : IIndirectActorProducer
{
    public Type ActorType => typeof(CellActor);

    public ActorBase Produce() => new CellActor(cell);

    public void Release(ActorBase actor)
    {
    }
}
