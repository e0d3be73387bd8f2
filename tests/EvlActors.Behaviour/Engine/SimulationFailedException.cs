namespace EvlActors.Behaviour;

/// <summary>A scenario threw: its exception is the inner one, and the message begins with the seed that repeats it.</summary>
/// <param name="seed">The seed.</param>
/// <param name="cause">What the scenario threw.</param>
public sealed class SimulationFailedException(ulong seed, Exception cause) : Exception($"Seed {seed}: {cause.Message}", cause)
{
    /// <summary>The seed that repeats the run.</summary>
    public ulong Seed { get; } = seed;
}
