using System.Globalization;
using System.Runtime.InteropServices;
using EvlActors;
using EvlActors.Drivers;
using EvlActors.Engine;
using Microsoft.Extensions.Logging;

namespace Latmus;

/// <summary>The program around the application: its command line, its machine, its signals, its files.</summary>
internal sealed class LatmusProgram
{
    /// <summary>Makes the machine.</summary>
    internal Func<EvlMachineOptions, EvlMachine> CreateMachine { get; init; } = static options => new EvlMachine(options);

    /// <summary>Makes the driver; null: the one of latmus.</summary>
    internal Func<CharDevice>? CreateDriver { get; init; }

    /// <summary>Starts the program with these arguments in the background; returns its pid.</summary>
    internal Func<IReadOnlyList<string>, int> Detach { get; init; } = BackgroundProcess.Start;

    /// <summary>Where the results go.</summary>
    internal TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where the complaints go.</summary>
    internal TextWriter Error { get; init; } = Console.Error;

    /// <summary>Does what the command line asks for.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <returns>The exit status.</returns>
    public async Task<int> Run(IReadOnlyList<string> arguments)
    {
        try
        {
            LatmusOptions options = LatmusCommandLine.Parse(arguments);
            if (options.ShowHelp)
            {
                Output.Write(LatmusUsage.Text);
                return ExitStatus.Success;
            }

            foreach (string notice in options.Notices)
                Error.WriteLine($"latmus: {notice}");
            ResponderCpu cpu = ResponderCpu.Pick(options, Environment.ProcessorCount, ResponderCpu.ReadIsolated());
            return options.Background && !BackgroundProcess.IsThis
                ? GoToBackground(options, arguments)
                : await Run(options, arguments, cpu);
        }
        catch (UsageException wrong)
        {
            Error.WriteLine($"latmus: {wrong.Message}");
            return ExitStatus.Failure;
        }
    }

    private int GoToBackground(LatmusOptions options, IReadOnlyList<string> arguments)
    {
        // What is wrong with the file is found out while there is somebody to be told.
        if (options.HistogramPath is { } path)
        {
            CreateFile(path)!.Dispose(); // made for a path
            File.Delete(path);
        }

        try
        {
            Output.WriteLine(Detach(arguments).ToString(CultureInfo.InvariantCulture));
            return ExitStatus.Success;
        }
        catch (Exception refused) when (refused is PlatformNotSupportedException or InvalidOperationException)
        {
            throw new UsageException($"-b: {refused.Message}");
        }
    }

    private async Task<int> Run(LatmusOptions options, IReadOnlyList<string> arguments, ResponderCpu cpu)
    {
        // Caught before anything else: whoever sees the file may end the run.
        using var signals = new EndingSignals();
        // Made before anything runs: a path that can't be written is known before the time is spent.
        using StreamWriter? file = CreateFile(options.HistogramPath);
        using ILoggerFactory log = MachineLog.Create(options.LogLevel);
        await using EvlMachine machine = CreateMachine(new EvlMachineOptions
        {
            LoggerFactory = log,
            // The timer's CPU is the responder's: a wake-up within a CPU is the shortest, and an interrupt or kernel thread
            // responds on the engine's worker itself.
            PriorityEngine = new PriorityEngineOptions { OobWorkerCpu = cpu.Number, LockMemory = true },
        });
        machine.AddDevice(LatmusDevice.Path, CreateDriver ?? (() => new LatmusDevice(Environment.ProcessorCount, Error.WriteLine)));
        machine.AddDevice(AlarmDevice.Path, () => new AlarmDevice());
        var application = new LatmusApplication(options, machine, cpu, Output, Error);
        using CancellationTokenRegistration ending = signals.Came.Register(application.Interrupt);
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

    private void WriteHistogram(
        LatmusOptions options, IReadOnlyList<string> arguments, ResponderCpu cpu, MeasuringResult result, StreamWriter? file)
    {
        if (options.Histogram)
        {
            HistogramFile.Write(file ?? Output, HeaderOf(options, arguments, cpu, result), result.Histogram);
            if (file is not null && !options.Quiet)
                Output.WriteLine($"histogram written to {options.HistogramPath}");
        }

        if (!options.Quiet && (!options.Histogram || file is not null))
            HistogramText.Write(Output, result.Histogram, result.Totals.Max);
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
