using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>
/// Hears of the dead letters of an actor system and gives a machine's messages back: those that were sent while Akka took the
/// receiver's mailbox away; system calls to a machine that has ended are answered ESRCH. One per system, for good; works on the sender's
/// thread, so it outlives the system's actors.
/// </summary>
internal sealed class DeadLetterReturns : MinimalActorRef
{
    private readonly ExtendedActorSystem _system;

    // Those of machines that have ended too, as long as somebody has them.
    private readonly ConditionalWeakTable<IActorRef, object?> _routers = [];

    internal DeadLetterReturns(ExtendedActorSystem system)
    {
        _system = system;
        Path = system.Provider.TempPath();
        system.EventStream.Subscribe(this, typeof(DeadLetter));
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _system.Provider;

    internal void AddRouter(IActorRef router) => _routers.Add(router, null);

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case DeadLetter { Message: Message { Target: AkkaCell cell } late }:
                cell.GiveBackLater(late);
                break;
            case DeadLetter { Message: Syscall call } dead when _routers.TryGetValue(dead.Recipient, out _):
                new Syscall(call, call.ReplyTo ?? new SenderAddress(call, dead.Sender, dead.Recipient)).Answer(Errno.ESRCH);
                break;
        }
    }
}
