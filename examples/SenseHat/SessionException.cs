namespace SenseHat;

/// <summary>A session can't be played; the message says why.</summary>
internal sealed class SessionException(string why) : Exception(why)
{
    public SessionException(int line, string why)
        : this($"line {line}: {why}")
    {
    }
}
