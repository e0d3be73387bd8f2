namespace EvlActors.TestKit;

/// <summary>A simulation can't go on: what it waits for will not come. The message says what it knows, and the seed.</summary>
/// <param name="message">What is known.</param>
public sealed class SimulationStuckException(string message) : Exception(message);
