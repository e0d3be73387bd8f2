using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Asks a thread's actor, from outside the machine, for its statistics. Head-ranked.</summary>
internal sealed class ReadStatistics(TaskCompletionSource<EvlThreadStatistics> completion) : Message
{
    internal void Answer(EvlThreadStatistics statistics) => completion.TrySetResult(statistics);

    /// <summary>Answered with nothing: the machine has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Answer(default);
}
