using System.Diagnostics;

namespace EvlActors.Benchmarks;

/// <summary>Many open files in one process: time and memory of each, and what is left afterwards.</summary>
internal static class FilesBenchmark
{
    private const int Files = 100_000;

    public static async Task Run(TextWriter output)
    {
        await using var machine = new EvlMachine();
        machine.AddDevice(ZeroDevice.Path, () => new ZeroDevice());
        EvlProcess process = machine.CreateProcess(new EvlProcessOptions { MaxFiles = 1_048_576 });
        UserThread thread = process.CreateThread();
        await process.StartThread(thread, t =>
        {
            for (int round = 0; round < 3; round++)
                Round(t, output);
        });
    }

    private static void Round(UserThread thread, TextWriter output)
    {
        byte[] bytes = new byte[8];
        int[] fds = new int[Files];
        long before = Live();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Files; i++)
            fds[i] = thread.Open(ZeroDevice.Path).OrThrow();
        double open = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Files;
        long perFile = (Live() - before) / Files;
        start = Stopwatch.GetTimestamp();
        foreach (int fd in fds)
            thread.Read(fd, bytes).OrThrow();
        double read = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Files;
        start = Stopwatch.GetTimestamp();
        foreach (int fd in fds)
            thread.Close(fd).OrThrow();
        double close = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Files;
        long left = (Live() - before) / Files;
        output.WriteLine($"{Files} files: open {open:F0} ns  read {read:F0} ns  close {close:F0} ns  memory {perFile} B a file, {left} B left");
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
