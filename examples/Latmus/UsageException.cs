namespace Latmus;

/// <summary>A wrong command line: one line that says what was wrong and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message.ReplaceLineEndings(" "));
