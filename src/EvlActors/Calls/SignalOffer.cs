using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// A signal on its way from the in-band stage to a thread; head-ranked, and back to the stage when the thread's actor has
/// decided. A process-directed one is offered to the threads in turn until one accepts; a thread-directed one is always taken.
/// </summary>
internal sealed class SignalOffer(ActorRef stage, ProcessInfo process, SigInfo info, SignalSending? sending) : Message
{
    internal ProcessInfo Process { get; } = process;

    internal SigInfo Info { get; } = info;

    /// <summary>Further real-time signals of its number, in their order: they have the same fate; null: none. Owned by who has the offer.</summary>
    internal List<SigInfo>? Behind { get; set; }

    /// <summary>Who waits until it is settled, or null.</summary>
    internal SignalSending? Sending { get; set; } = sending;

    /// <summary>The thread that has it now.</summary>
    internal ThreadInfo? At { get; set; }

    internal bool IsThreadDirected { get; init; }

    /// <summary>The decision, on the way back.</summary>
    internal bool WasAccepted { get; private set; }

    internal bool IsDecided { get; private set; }

    /// <summary>The threads that have declined in this round; owned by the in-band stage.</summary>
    internal List<ThreadInfo> Declined { get; } = [];

    /// <summary>How often threads had asked for signals when the round began; owned by the in-band stage.</summary>
    internal int AsksSeen { get; set; }

    internal void OfferTo(ThreadInfo thread)
    {
        At = thread;
        IsDecided = false;
        thread.Actor.Tell(this, Rank.Head);
    }

    /// <summary>The thread's decision; in its turn.</summary>
    internal void Decide(bool accepted)
    {
        WasAccepted = accepted;
        IsDecided = true;
        stage.Tell(this, Rank.Head);
    }

    /// <summary>Declined: the thread's actor is gone. A decision that nobody hears of is lost with the machine.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (!IsDecided && reason != UndeliverableReason.EngineDisposed)
            Decide(accepted: false);
    }
}
