using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>An actor of the machine's own that may answer in its turn: what it answers is its sender's again.</summary>
internal sealed class AnsweringActor(Func<Message, bool> turn) : Actor
{
    internal override bool RunsUserCode => false;

    internal override bool ReceiveOrAnswer(Message message) => turn(message);

    protected internal override void Receive(Message message)
    {
        if (turn(message))
            message.Caller!.Answer(); // entered by a caller
    }
}
