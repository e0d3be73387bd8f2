namespace EvlActors.Hosting;

/// <summary>The event ids of what this library logs: each has one meaning, and keeps it. docs/hosting.md has them with their messages.</summary>
internal static class LogIds
{
    internal const int Started = 100;
    internal const int Stopped = 101;
    internal const int CouldNotStart = 102;
    internal const int HasFailed = 103;
}
