namespace EvlActors.Benchmarks.Ratios;

/// <summary>Measures a figure, or a few that are measured together, against its yardstick.</summary>
internal interface IRatioRow
{
    /// <summary>The name by which it is chosen.</summary>
    string Name { get; }

    /// <summary>Whether it needs SCHED_FIFO; where that is refused it is not run.</summary>
    bool NeedsFifo { get; }

    Task Run(RatioReport report);
}
