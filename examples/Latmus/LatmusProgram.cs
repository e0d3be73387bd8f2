using System.Runtime.InteropServices;
using EvlActors;
using EvlActors.Engine;
using Microsoft.Extensions.Logging;

namespace Latmus;

/// <summary>The program around the application: its machine, its signals, its files.</summary>
internal static class LatmusProgram
{
    /// <summary>Runs what was asked for.</summary>
    /// <returns>The exit status.</returns>
    public static async Task<int> Run(LatmusOptions options, IReadOnlyList<string> arguments)
    {
        ResponderCpu cpu = ResponderCpu.Pick(options, Environment.ProcessorCount, ResponderCpu.ReadIsolated());
        // Made before anything runs: a path that can't be written is known before the time is spent.
        using StreamWriter? file = CreateFile(options.HistogramPath);
        using ILoggerFactory log = MachineLog.Create(options.LogLevel);
        await using var machine = new EvlMachine(new EvlMachineOptions
        {
            LoggerFactory = log,
            // The timer's CPU is the responder's: a wake-up within a CPU is the shortest, and an interrupt or kernel thread
            // responds on the engine's worker itself.
            PriorityEngine = new PriorityEngineOptions { OobWorkerCpu = cpu.Number, LockMemory = true },
        });
        machine.AddDevice(LatmusDevice.Path, () => new LatmusDevice(Environment.ProcessorCount));
        machine.AddDevice(AlarmDevice.Path, () => new AlarmDevice());
        var application = new LatmusApplication(options, machine, cpu, Console.Out, Console.Error);
        using var signals = new EndingSignals(application.Interrupt);
        int status;
        await using (new InBandLoad(machine, options.LoadThreads))
            status = await application.Run();
        if (application.Result is { } result)
            WriteHistogram(options, arguments, cpu, result, file);
        return status;
    }

    private static StreamWriter? CreateFile(string? path)
    {
        try
        {
            return path is null ? null : HistogramFile.Create(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"-g '{path}': {refused.Message}");
        }
    }

    private static void WriteHistogram(
        LatmusOptions options, IReadOnlyList<string> arguments, ResponderCpu cpu, MeasuringResult result, StreamWriter? file)
    {
        if (options.Histogram)
        {
            HistogramFile.Write(file ?? Console.Out, HeaderOf(options, arguments, cpu, result), result.Histogram);
            if (file is not null && !options.Quiet)
                Console.Out.WriteLine($"histogram written to {options.HistogramPath}");
        }

        if (!options.Quiet && (!options.Histogram || file is not null))
            HistogramText.Write(Console.Out, result.Histogram, result.Totals.Max);
    }

    private static HistogramHeader HeaderOf(
        LatmusOptions options, IReadOnlyList<string> arguments, ResponderCpu cpu, MeasuringResult result) => new()
    {
        Started = result.Started,
        System = RuntimeInformation.OSDescription,
        CommandLine = string.Join(' ', ["latmus", .. arguments]),
        Library = typeof(EvlMachine).Assembly.GetName().Version?.ToString(3),
        Gravity = "0i 0k 0u",
        ClockSource = ReadLine("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        Options = options,
        Cpu = cpu.Number,
        Isolated = cpu.IsIsolated,
        Duration = result.Duration,
        Switches = result.Switches,
        Totals = result.Totals,
    };

    private static string? ReadLine(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
