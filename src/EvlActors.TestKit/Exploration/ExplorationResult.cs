namespace EvlActors.TestKit;

/// <summary>What an exploration found.</summary>
/// <param name="Schedules">How many runs were made, without those that shrank a failure.</param>
/// <param name="Elapsed">How long they took, in real time.</param>
/// <param name="Failure">The failure of the lowest seed that failed, or null.</param>
public sealed record ExplorationResult(long Schedules, TimeSpan Elapsed, ExplorationFailure? Failure)
{
    /// <summary>Does nothing if no run failed.</summary>
    /// <exception cref="ExplorationFailedException">A run failed; the message tells it.</exception>
    public void ThrowIfFailed()
    {
        if (Failure is not null)
            throw new ExplorationFailedException(Failure);
    }
}
