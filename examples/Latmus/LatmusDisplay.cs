using System.Globalization;

namespace Latmus;

/// <summary>
/// Shows a measuring run: RTT and RTH (heading), RTD (one measurement) and RTS (summary) lines. It also judges what it shows:
/// each measurement gives the exit status the program must end with, or 0. It is used by one thread at a time.
/// </summary>
/// <param name="options">Those of the run.</param>
/// <param name="cpu">The responder's CPU.</param>
/// <param name="isolated">Whether that CPU is set apart for it.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="error">Where the complaints go.</param>
internal sealed class LatmusDisplay(LatmusOptions options, int cpu, bool isolated, TextWriter output, TextWriter error)
{
    /// <summary>The time at the start of a run in which nothing is counted.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private int _rows;

    /// <summary>Everything measured so far.</summary>
    public LatencyTotals Totals { get; } = new();

    /// <summary>The elapsed time without the warm-up.</summary>
    public static TimeSpan Measured(TimeSpan elapsed) => elapsed > WarmUp ? elapsed - WarmUp : TimeSpan.Zero;

    /// <summary>Says that the run begins.</summary>
    public void Start()
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"CPU{cpu}{(isolated ? "" : " (not isolated)")}");
        if (!options.Quiet)
            output.WriteLine($"warming up on {where}...");
        else if (options.Duration == TimeSpan.Zero)
            error.WriteLine($"running quietly until interrupted on {where}");
        else
            error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"running quietly for {(long)options.Duration.TotalSeconds} seconds on {where}"));
    }

    /// <summary>Shows and judges one measurement.</summary>
    /// <param name="measurement">What the driver sent.</param>
    /// <param name="elapsed">Since the start of the run, warm-up included.</param>
    /// <param name="switches">Unwanted in-band switches since then.</param>
    /// <returns>
    /// 0: go on; <see cref="ExitStatus.LatencyExceeded"/> or <see cref="ExitStatus.Inconsistent"/>: end at once with that.
    /// </returns>
    public int Show(in Measurement measurement, TimeSpan elapsed, uint switches)
    {
        if (!options.Quiet && options.Lines > 0 && _rows++ % options.Lines == 0)
            WriteHeading(elapsed);
        int status = Account(measurement, elapsed);
        bool inconsistent = status == ExitStatus.Inconsistent;
        // Inconsistent figures are shown even quietly: they are the evidence.
        if (inconsistent || (!options.Quiet && status == ExitStatus.Success))
            WriteRow(measurement, switches);
        if (inconsistent)
            error.WriteLine("results look weird, aborting.");
        return status;
    }

    /// <summary>Adds the last, partial measurement, which RUN gives at the end: it is judged too, but gets no line.</summary>
    /// <param name="last">The measurement; ignored when it has no sample.</param>
    /// <param name="elapsed">Since the start of the run, warm-up included.</param>
    /// <returns>As <see cref="Show"/>.</returns>
    public int AddLast(in Measurement last, TimeSpan elapsed)
    {
        if (last.Samples == 0)
            return ExitStatus.Success;
        int status = Account(last, elapsed);
        if (status == ExitStatus.Inconsistent)
            error.WriteLine("results look weird, aborting.");
        return status;
    }

    /// <summary>Ends the run: the RTS line, if anything was measured, and a warning if there were unwanted switches.</summary>
    /// <param name="elapsed">Since the start of the run, warm-up included.</param>
    /// <param name="switches">Unwanted in-band switches since then.</param>
    public void Summarize(TimeSpan elapsed, uint switches)
    {
        if (Totals.Samples > 0)
        {
            TimeSpan measured = Measured(elapsed);
            TimeSpan requested = options.Duration == TimeSpan.Zero ? measured : options.Duration;
            output.WriteLine("---|-----------|-----------|-----------|--------|------|-------------------------");
            string figures = Figures(Totals.Min, Totals.Average, Totals.Max, switches);
            output.WriteLine($"RTS|{figures}    {Units.Clock(measured)}/{Units.Clock(requested)}");
        }

        if (switches > 0)
            error.WriteLine("*** WARNING: unwanted switches to in-band mode: the figures are not reliable.");
    }

    private int Account(in Measurement measurement, TimeSpan elapsed)
    {
        Totals.Add(measurement, Measured(elapsed));
        if (options.AbortAboveUs is { } limit && Totals.Max > limit * 1000)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"latency threshold is exceeded ({Units.Us(Totals.Max)} us > {limit} us), aborting."));
            return ExitStatus.LatencyExceeded;
        }

        // Best and worst need no test: while each measurement has min <= avg <= max they can't contradict.
        bool consistent = measurement.Samples > 0
            && measurement.Min <= measurement.Average && measurement.Average <= measurement.Max;
        return consistent ? ExitStatus.Success : ExitStatus.Inconsistent;
    }

    private void WriteHeading(TimeSpan elapsed)
    {
        LatmusContext context = options.Contexts[0];
        string period = string.Create(CultureInfo.InvariantCulture, $"{options.PeriodUs} us period");
        string priority = context.HasThread()
            ? string.Create(CultureInfo.InvariantCulture, $"priority {options.Priority}, ")
            : "";
        output.WriteLine(
            $"RTT|  {Units.Clock(Measured(elapsed))}  ({context.Label()}, {period}, {priority}{Units.Cpu(cpu, isolated)})");
        output.WriteLine("RTH|----lat min|----lat avg|----lat max|-overrun|---msw|---lat best|--lat worst");
    }

    private void WriteRow(in Measurement measurement, uint switches)
    {
        // Without a sample there is no average; the row then only shows what came.
        long average = measurement.Samples == 0 ? 0 : measurement.Average;
        string figures = Figures(measurement.Min, average, measurement.Max, switches);
        output.WriteLine($"RTD|{figures}{Units.Us(Totals.Min),11}|{Units.Us(Totals.Max),11}");
    }

    // Both kinds of line count overruns and switches from the start of the run.
    private string Figures(long min, long average, long max, uint switches) => string.Create(CultureInfo.InvariantCulture,
        $"{Units.Us(min),11}|{Units.Us(average),11}|{Units.Us(max),11}|{Totals.Overruns,8}|{switches,6}|");
}
