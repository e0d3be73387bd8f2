namespace EvlActors.TestKit;

/// <summary>A run does not follow from its seed alone; the message says what came between.</summary>
/// <param name="message">What came between.</param>
public sealed class SimulationNotRepeatableException(string message) : Exception(message);
