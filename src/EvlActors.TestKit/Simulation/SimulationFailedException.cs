namespace EvlActors.TestKit;

/// <summary>A scenario threw, or an invariant was violated: that exception is the inner one, and the message begins with the seed
/// that repeats it.</summary>
/// <param name="seed">The seed.</param>
/// <param name="cause">What was thrown.</param>
public sealed class SimulationFailedException(ulong seed, Exception cause) : Exception($"Seed {seed}: {cause.Message}", cause)
{
    /// <summary>The seed that repeats the run.</summary>
    public ulong Seed { get; } = seed;
}
