using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Gives a machine's end its grace time: when it is over, the in-band stage fails what still holds calls.</summary>
internal sealed class Shutdown(MachineContext context, long graceNs) : Actor
{
    private const long MinimumNs = 1_000_000;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        if (message is not ActorTimer timer)
        {
            Engine.Arm(new ActorTimer(Self), Engine.MonotonicNs + graceNs);
            return;
        }
        context.InBandStage.Tell(new EndOfGrace(), Rank.Head);
        // The next close of an exiting process may meet the next device that does not let go.
        Engine.Arm(timer, Engine.MonotonicNs + Math.Max(graceNs, MinimumNs));
    }
}
