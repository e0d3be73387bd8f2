using Akka.Actor;
using Akka.Event;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>
/// Hears of the dead letters of an actor system and gives a machine's messages back: those that were sent while Akka took the
/// receiver's mailbox away; system calls to a machine that has ended are answered ESRCH. One per system, for good; works on the sender's thread, so it outlives the system's actors.
/// </summary>
internal sealed class DeadLetterReturns : MinimalActorRef, IExtension
{
    private readonly ExtendedActorSystem _system;

    private DeadLetterReturns(ExtendedActorSystem system)
    {
        _system = system;
        Path = system.Provider.TempPath();
        system.EventStream.Subscribe(this, typeof(DeadLetter));
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _system.Provider;

    internal static void Start(ActorSystem system) => system.WithExtension<DeadLetterReturns, Maker>();

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case DeadLetter { Message: Message { Target: AkkaCell cell } late }:
                cell.GiveBackLater(late);
                break;
            case DeadLetter { Message: Syscall { ReplyTo: null } call } dead when !dead.Sender.Equals(_system.DeadLetters):
                // To the router of a machine that has ended.
                dead.Sender.Tell(new SyscallResult(call, SysResult.Error(Errno.ESRCH)), dead.Recipient);
                break;
        }
    }

    private sealed class Maker : ExtensionIdProvider<DeadLetterReturns>
    {
        public override DeadLetterReturns CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
