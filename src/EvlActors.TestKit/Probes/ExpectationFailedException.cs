namespace EvlActors.TestKit;

/// <summary>What a probe expected has not happened, or what it did not expect has; the message has what happened instead.</summary>
/// <param name="message">What was expected, and what happened.</param>
public sealed class ExpectationFailedException(string message) : Exception(message);
