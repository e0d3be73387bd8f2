using Akka.Actor;

namespace EvlActors.Akka.Engine;

/// <summary>Makes a <see cref="GroupActor"/>.</summary>
internal sealed class GroupProducer(Action<ActorPath> stopped) : IIndirectActorProducer
{
    public Type ActorType => typeof(GroupActor);

    public ActorBase Produce() => new GroupActor(stopped);

    public void Release(ActorBase actor)
    {
    }
}
