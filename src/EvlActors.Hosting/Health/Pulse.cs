using EvlActors.Actors;

namespace EvlActors.Hosting.Health;

/// <summary>A question whose answer is a sign of life.</summary>
internal sealed class Pulse : Message
{
    private readonly TaskCompletionSource<long?> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it was handled, in nanoseconds of the machine's monotonic clock; null: the machine has ended.</summary>
    internal Task<long?> Answered => _answered.Task;

    internal void Answer(long? handledNs) => _answered.TrySetResult(handledNs);

    /// <summary>The machine ends: that is no stage that hangs.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Answer(null);
}
