using System.Diagnostics;

namespace Latmus.Tests;

/// <summary>The built program, as a process.</summary>
internal static class LatmusRun
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The tests are run by the dotnet command.
        foreach (string argument in (string[])[typeof(LatmusProgram).Assembly.Location, .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Status, string Output, string Error)> ToEnd(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);
        return (process.ExitCode, await output, await error);
    }
}
