using EvlActors.Actors;

namespace EvlActors.Hosting.Health;

/// <summary>A question whose answer is a sign of life.</summary>
internal sealed class Pulse : Message
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Answered => _answered.Task;

    internal void Answer() => _answered.TrySetResult();

    /// <summary>The machine ends: that is no stage that hangs.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Answer();
}
