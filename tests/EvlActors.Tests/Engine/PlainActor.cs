using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>An actor whose turns count as the machine's own code.</summary>
internal sealed class PlainActor(Action<Message> turn) : Actor
{
    internal override bool RunsUserCode => false;

    protected internal override void Receive(Message message) => turn(message);
}
