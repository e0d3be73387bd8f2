using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>The door for the host's actors: passes their system calls on to the machine's router, whose answer goes to the sender.</summary>
internal sealed class RouterActor(ActorRef dovetail, Action<ActorPath> stopped) : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not Syscall call)
            return false;
        // A copy: the machine's messages are linked into queues, and the sender may send its own again.
        dovetail.Tell(new Syscall(call, call.ReplyTo ?? new SenderAddress(call, Sender, Self)), Rank.InBand);
        return true;
    }

    protected override void PostStop() => stopped(Self.Path);
}
