using System.Diagnostics;
using System.Globalization;

namespace Latmus.Tests;

/// <summary>-b, on the built program. The system says what has become of the process in the background.</summary>
public sealed class BackgroundTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latmus-");

    private string Histogram => Path.Combine(_folder.FullName, "histogram");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Case", "C295")]
    public async Task Background_ForASecond_RunsInASessionOfItsOwnAndWritesItsFile()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var created = new FileSystemWatcher(_folder.FullName);
        Task file = Created(created);

        using Process process = await StartInBackground("-b", "-T1", $"-g{Histogram}");

        // Of its status only the part behind the name is free of blanks: state, parent, group, session.
        string status = await File.ReadAllTextAsync($"/proc/{process.Id}/stat");
        string session = status[(status.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal(process.Id, int.Parse(session, CultureInfo.InvariantCulture));
        for (int fd = 0; fd < 3; fd++)
            Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{process.Id}/fd/{fd}", returnFinalTarget: false)!.FullName);
        await file.WaitAsync(LatmusRun.Limit);
        await process.WaitForExitAsync().WaitAsync(LatmusRun.Limit);
        string[] lines = await File.ReadAllLinesAsync(Histogram);
        Assert.Contains(lines, line => line.Contains("-b -T1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Length > 0 && char.IsAsciiDigit(line[0]));
    }

    [Fact]
    [Trait("Case", "C295")]
    public async Task Background_Sigterm_EndsTheEndlessRun()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var created = new FileSystemWatcher(_folder.FullName);
        Task file = Created(created);
        using Process process = await StartInBackground("-bT0", "-g", Histogram);
        // It catches its signals before it makes the file.
        await file.WaitAsync(LatmusRun.Limit);

        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);

        await kill.WaitForExitAsync().WaitAsync(LatmusRun.Limit);
        Assert.Equal(0, kill.ExitCode);
        await process.WaitForExitAsync().WaitAsync(LatmusRun.Limit);
    }

    [Fact]
    public async Task Background_FileCannotBeMade_SaidInTheForeground()
    {
        (int status, string output, string error) = await LatmusRun.ToEnd("-b", "-T1", "-g", Path.Combine(_folder.FullName, "none", "file"));

        Assert.Equal(ExitStatus.Failure, status);
        Assert.Empty(output);
        Assert.StartsWith("latmus: -g '", error, StringComparison.Ordinal);
    }

    private static Task Created(FileSystemWatcher watcher)
    {
        var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The program in the foreground tries whether it can be made, and removes it.
        int count = 0;
        watcher.Created += (_, _) =>
        {
            if (Interlocked.Increment(ref count) == 2)
                created.SetResult();
        };
        watcher.EnableRaisingEvents = true;
        return created.Task;
    }

    private static async Task<Process> StartInBackground(params string[] arguments)
    {
        (int status, string output, string error) = await LatmusRun.ToEnd(arguments);
        Assert.Equal((ExitStatus.Success, ""), (status, error));
        Assert.Matches("^[0-9]+\n$", output);
        return Process.GetProcessById(int.Parse(output, CultureInfo.InvariantCulture));
    }
}
