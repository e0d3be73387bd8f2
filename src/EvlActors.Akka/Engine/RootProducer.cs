using Akka.Actor;
using Akka.Event;

namespace EvlActors.Akka.Engine;

/// <summary>Makes a <see cref="RootActor"/>.</summary>
internal sealed class RootProducer(ILoggingAdapter log, Action stopped) : IIndirectActorProducer
{
    public Type ActorType => typeof(RootActor);

    public ActorBase Produce() => new RootActor(log, stopped);

    public void Release(ActorBase actor)
    {
    }
}
