using Serilog.Events;

namespace Latmus;

/// <summary>What the command line asked for, complete and checked; made by <see cref="LatmusCommandLine"/>.</summary>
internal sealed record LatmusOptions
{
    /// <summary>Tune the clock's gravity (-t) instead of measuring (-m, the default).</summary>
    public bool Tune { get; init; }

    /// <summary>Exactly one context when measuring; one or more, in the order i, k, u, when tuning.</summary>
    public IReadOnlyList<LatmusContext> Contexts { get; init; } = [LatmusContext.User];

    /// <summary>-p: the sampling period in us, 1 to 1000000.</summary>
    public int PeriodUs { get; init; } = 1000;

    /// <summary>-P: the responder's priority, 0 to 99.</summary>
    public int Priority { get; init; } = 98;

    /// <summary>-c or -C: the responder's CPU; null: the program picks one. The driver says whether it is online.</summary>
    public int? Cpu { get; init; }

    /// <summary>-C: take that CPU even if it does not suit out-of-band work.</summary>
    public bool ForceCpu { get; init; }

    /// <summary>-T: how long to measure, the warm-up not counted; zero: until a signal.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When the alarm that ends the run is due, warm-up included; null: never.</summary>
    public TimeSpan? Alarm => Duration == TimeSpan.Zero ? null : Duration + LatmusDisplay.WarmUp;

    /// <summary>-g: whether a histogram is wanted.</summary>
    public bool Histogram { get; init; }

    /// <summary>-g file: where it goes, a file that must not exist yet; null: to standard output.</summary>
    public string? HistogramPath { get; init; }

    /// <summary>-H: its cells of 1 us each, 1 to 1000.</summary>
    public int HistogramCells { get; init; } = 200;

    /// <summary>-l: data lines for each heading; 0: no heading.</summary>
    public int Lines { get; init; } = 21;

    /// <summary>-b: in the background, quietly.</summary>
    public bool Background { get; init; }

    /// <summary>-K: keep going on an unwanted in-band switch.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>-A: give up as soon as the overall maximum exceeds this many us; null: never.</summary>
    public int? AbortAboveUs { get; init; }

    /// <summary>-r: reset the clock's gravity first.</summary>
    public bool ResetGravity { get; init; }

    /// <summary>-v: 0 is quiet; from 2 on each step of a tuning is told, on standard error.</summary>
    public int Verbosity { get; init; } = 1;

    /// <summary>Whether only the summary is shown (-q, -b, -v0).</summary>
    public bool Quiet => Verbosity == 0;

    /// <summary>--load: in-band threads that keep devices of their own busy meanwhile.</summary>
    public int LoadThreads { get; init; }

    /// <summary>--log: the least severe log event shown.</summary>
    public LogEventLevel LogLevel { get; init; } = LogEventLevel.Warning;

    /// <summary>-h: show the usage text and do nothing else.</summary>
    public bool ShowHelp { get; init; }

    /// <summary>What was given and is ignored, a line each, for standard error.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
