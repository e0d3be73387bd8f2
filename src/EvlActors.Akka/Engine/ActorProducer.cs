using Akka.Actor;

namespace EvlActors.Akka.Engine;

/// <summary>Makes one of a machine's Akka actors, once: one that fails is stopped, never restarted.</summary>
/// <typeparam name="TActor">The actor.</typeparam>
/// <param name="make">Makes it.</param>
internal sealed class ActorProducer<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }

    /// <summary>What Akka makes it by.</summary>
    internal static Props PropsOf(Func<TActor> make) => Props.CreateBy(new ActorProducer<TActor>(make));
}
