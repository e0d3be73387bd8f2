namespace EvlActors.TestKit;

/// <summary>Brings the continuations of one body back to its pseudo-actor.</summary>
internal sealed class BodyContext(SimulatedBody body) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => body.Post(d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A simulation has one thread, so Send would wait for itself: use Post.");

    public override SynchronizationContext CreateCopy() => this;

    public override void OperationStarted() => body.Engine.ForeignWaitBegun();

    public override void OperationCompleted() => body.Engine.ForeignWaitEnded();
}
