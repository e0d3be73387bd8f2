using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>Makes a <see cref="RouterActor"/>.</summary>
internal sealed class RouterProducer(ActorRef dovetail, Action<ActorPath> stopped) : IIndirectActorProducer
{
    public Type ActorType => typeof(RouterActor);

    public ActorBase Produce() => new RouterActor(dovetail, stopped);

    public void Release(ActorBase actor)
    {
    }
}
