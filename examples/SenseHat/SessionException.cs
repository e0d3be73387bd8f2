namespace SenseHat;

/// <summary>A session can't be played; the message says which line and why.</summary>
internal sealed class SessionException(int line, string why) : Exception($"line {line}: {why}");
