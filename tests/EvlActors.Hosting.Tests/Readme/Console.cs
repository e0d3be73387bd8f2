namespace EvlActors.Hosting.Tests.Readme;

/// <summary>What the README's program prints.</summary>
internal static class Console
{
    private static readonly TaskCompletionSource<string> s_line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static Task<string> Line => s_line.Task;

    internal static void WriteLine(string line) => s_line.TrySetResult(line);
}
