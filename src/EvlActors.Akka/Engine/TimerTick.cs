using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>Akka's scheduler says that a date of the actor's timers has come.</summary>
internal sealed class TimerTick : Message
{
    internal TimerTick(AkkaCell cell)
    {
        Target = cell;
        Rank = Rank.Head;
    }

    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}
