using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Keeps what faults put off, each for its time.</summary>
internal sealed class LateMessages : Actor
{
    private readonly HashSet<LateMessage> _kept = [];

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case LateMessage late:
                _kept.Add(late);
                Engine.Arm(new ActorTimer(Self, late), Engine.MonotonicNs + late.DelayNs);
                break;
            case ActorTimer { State: LateMessage due }:
                _kept.Remove(due);
                due.Deliver();
                break;
            default:
                throw new InvalidOperationException($"Nothing is put off with a {message.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    protected internal override void Stopped()
    {
        foreach (LateMessage late in _kept)
            ((Message)late).Undeliverable(UndeliverableReason.EngineDisposed);
    }
}
