namespace EvlActors.TestKit;

/// <summary>What is known of a run that did not fail.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Turns">How many turns it took.</param>
/// <param name="IsRepeatable">Whether it follows from its seed alone.</param>
/// <param name="Foreign">What came from other threads, if it does not.</param>
public sealed record SimulationResult(ulong Seed, long Turns, bool IsRepeatable, IReadOnlyList<string> Foreign);
