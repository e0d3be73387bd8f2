using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>An Akka actor as the address of the answer to one system call.</summary>
internal sealed class SenderAddress(Syscall call, IActorRef sender, IActorRef router) : ActorRef
{
    public override string Name => sender.Path.ToString();

    public override void Tell(Message message, Rank rank)
    {
        if (message is SyscallResult answer)
            sender.Tell(new SyscallResult(call, answer.Result, answer.Failure), router);
    }
}
