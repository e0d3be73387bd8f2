using EvlActors;
using EvlActors.Engine;

namespace Latmus;

/// <summary>
/// The application on its machine: a process whose main thread sits in RUN while the driver's timer shoots, the responder
/// answers and the logger shows. The machine has the driver and the alarm already.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="machine">Where.</param>
/// <param name="cpu">The responder's CPU.</param>
/// <param name="output">Where the results go.</param>
/// <param name="error">Where the complaints go.</param>
/// <param name="ownThreads">Whether the real-time work gets OS threads; false in a simulation.</param>
internal sealed class LatmusApplication(
    LatmusOptions options, EvlMachine machine, ResponderCpu cpu, TextWriter output, TextWriter error, bool ownThreads = true)
{
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EvlProcess _process = machine.CreateProcess();

    /// <summary>What was measured, for the histogram file; null before the end, and after a run that was given up.</summary>
    public MeasuringResult? Result { get; private set; }

    /// <summary>What a user-context responder does besides, once it has stamped; null: nothing.</summary>
    public Func<UserThread, ValueTask>? OnShot { get; init; }

    /// <summary>Ends the run, as a signal does: the summary follows. Any thread.</summary>
    public void Interrupt() => _end.TrySetResult(ExitStatus.Success);

    /// <summary>Runs it all; ends the process.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> Run()
    {
        try
        {
            SayScheduling();
            UserThread sitter = _process.CreateThread(name: "latmus");
            int fd = await sitter.OpenAsync(LatmusDevice.Path).OrThrow();
            await sitter.AttachAsync($"/timer-sitter:{_process.Pid}").OrThrow();
            if (options.ResetGravity)
                await sitter.IoctlAsync(fd, LatmusIoctl.Reset).OrThrow();
            return options.Tune ? await Tune(sitter, fd) : await Measure(sitter, fd);
        }
        catch (EvlException failure)
        {
            error.WriteLine($"latmus: {failure.Message}");
            return ExitStatus.Failure;
        }
        finally
        {
            await _process.ExitAsync();
        }
    }

    private void SayScheduling()
    {
        if (machine.Engine is PriorityEngine engine && !options.Quiet)
            output.WriteLine($"scheduling: {engine.SchedulingDescription}");
    }

    private async Task<int> Measure(UserThread sitter, int fd)
    {
        LatmusContext context = options.Contexts[0];
        var switches = new SwitchMonitor(OnSwitch);
        int xfd = await sitter.CreateXbufAsync($"lat-data:{_process.Pid}", 1024, 0).OrThrow();
        await SetUp(sitter, fd, LatmusIoctl.Measure, LatmusSetup.ForMeasure(
            context, PeriodNs, options.Priority, (uint)cpu.Number, xfd, (uint)options.HistogramCells));

        await sitter.SigactionAsync(Signal.SIGDEBUG, switches.Action).OrThrow();
        StartResponder(context, fd);
        var display = new LatmusDisplay(options, cpu.Number, cpu.IsIsolated, output, error);
        var logger = new Logger(NewThread("logger"), xfd, display, () => switches.Count);
        display.Start();
        DateTimeOffset startedAt = machine.Engine.UtcNow;
        Task logging = EndIfItFails(logger.Run(End));
        if (options.Alarm is { } alarm)
            _ = EndIfItFails(EndAfter(alarm));

        byte[] result = new byte[LatmusResult.Size(options.HistogramCells)];
        using var over = new CancellationTokenSource();
        Task<SysResult> run = Sit(sitter, fd, result, over.Token);
        int status = await _end.Task;
        TimeSpan elapsed = logger.Elapsed;
        over.Cancel();
        SysResult ran = await run;
        uint switched = switches.Count;
        await logger.Finish(sitter, logging);

        // The logger may have found a reason to give up among the last messages.
        status = status == ExitStatus.Success ? logger.Status : status;
        if (status != ExitStatus.Success)
            return status;
        ran.OrThrow();
        LatmusResult last = LatmusResult.Read(result);
        status = display.AddLast(last.Last, elapsed);
        if (status != ExitStatus.Success)
            return status;
        display.Summarize(elapsed, switched);
        Result = new(startedAt, LatmusDisplay.Measured(elapsed), switched, display.Totals, last.Histogram!); // cells were asked for
        return ExitStatus.Success;
    }

    private async Task<int> Tune(UserThread sitter, int fd)
    {
        if (!options.Quiet)
            output.WriteLine($"tuning the timer with a period of {options.PeriodUs} us; this may take a while");
        await sitter.SigactionAsync(Signal.SIGDEBUG, SigAction.Ignore).OrThrow();
        bool hasResponder = false;
        foreach (LatmusContext context in options.Contexts)
        {
            await SetUp(sitter, fd, LatmusIoctl.Tune, LatmusSetup.ForTune(
                context, PeriodNs, options.Priority, (uint)cpu.Number, options.Verbosity));
            hasResponder = hasResponder || StartResponder(context, fd) is not null;
            byte[] result = new byte[TuningResult.Size];
            using var over = new CancellationTokenSource();
            Task<SysResult> run = Sit(sitter, fd, result, over.Token);
            Task first = await Task.WhenAny(run, _end.Task);
            over.Cancel();
            SysResult tuned = await run;
            if (first == _end.Task && tuned.IsError)
                return await _end.Task;
            tuned.OrThrow();
            output.WriteLine($"{context.Label()} gravity: {TuningResult.Read(result)} ns");
        }

        return ExitStatus.Success;
    }

    private ulong PeriodNs => (ulong)options.PeriodUs * 1000;

    private async Task SetUp(UserThread sitter, int fd, uint command, LatmusSetup setup)
    {
        byte[] argument = new byte[LatmusSetup.Size];
        setup.Write(argument);
        SysResult set = await sitter.IoctlAsync(fd, command, argument);
        if (set.IsError)
        {
            error.WriteLine(
                $"latmus: the driver refuses {setup.Type.Label()} context, {options.PeriodUs} us period, priority {setup.Priority}, CPU{setup.Cpu}");
        }

        set.OrThrow();
    }

    // Also when RUN returns by itself, which it does only with an error, nobody is left waiting.
    private async Task<SysResult> Sit(UserThread sitter, int fd, Memory<byte> result, CancellationToken over)
    {
        SysResult ran = await sitter.OobIoctlAsync(fd, LatmusIoctl.Run, result, over);
        if (ran.IsError && !options.Tune)
            End(ExitStatus.Success);
        return ran;
    }

    private Responder? StartResponder(LatmusContext context, int fd)
    {
        if (context != LatmusContext.User)
            return null;
        SchedPolicy policy = options.Priority > 0 ? SchedPolicy.Fifo : SchedPolicy.Other;
        var responder = new Responder(new LatmusThread(_process.CreateThread(policy, options.Priority, "timer-responder"), ownThreads), fd, OnShot);
        _ = EndIfItFails(responder.Run(cpu.Number));
        return responder;
    }

    private LatmusThread NewThread(string name) => new(_process.CreateThread(name: name), ownThreads);

    private void OnSwitch(SwitchCause cause)
    {
        if (!SwitchMonitor.IsSwitch(cause))
            End(ExitStatus.Diagnosis);
        else if (!options.KeepGoing)
            End(ExitStatus.Success);
    }

    private void End(int status) => _end.TrySetResult(status);

    private async Task EndAfter(TimeSpan time)
    {
        UserThread alarm = _process.CreateThread(name: "alarm");
        int fd = await alarm.OpenAsync(AlarmDevice.Path).OrThrow();
        // Interrupted by the end of the process, when the run ended before its time.
        if ((await alarm.IoctlAsync(fd, AlarmDevice.Sleep, (long)time.TotalNanoseconds)).IsSuccess)
            End(ExitStatus.Success);
    }

    private async Task EndIfItFails(Task body)
    {
        try
        {
            await body;
        }
        catch (EvlException failure)
        {
            error.WriteLine($"latmus: {failure.Message}");
            End(ExitStatus.Failure);
        }
    }
}
