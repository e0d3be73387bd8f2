namespace EvlActors.TestKit;

/// <summary>Exploration found a run that fails; the message tells it, and how to replay it.</summary>
/// <param name="failure">The failure.</param>
public sealed class ExplorationFailedException(ExplorationFailure failure) : Exception(failure.ToString(), failure.Cause)
{
    /// <summary>The failure.</summary>
    public ExplorationFailure Failure { get; } = failure;
}
