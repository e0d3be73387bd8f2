namespace EvlActors.TestKit;

/// <summary>What a probe waits for.</summary>
/// <param name="What">In words.</param>
/// <param name="Wanted">Whether an event is it.</param>
/// <param name="Met">Completes with that event.</param>
internal sealed record Expectation(string What, Func<MachineEvent, bool> Wanted, TaskCompletionSource<MachineEvent> Met);
