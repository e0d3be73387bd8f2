namespace Latmus;

/// <summary>What the comment at the head of a histogram file tells of the run. What is null is left out.</summary>
internal sealed record HistogramHeader
{
    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The system and its version.</summary>
    public string? System { get; init; }

    /// <summary>How the program was called.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The version of EvlActors.</summary>
    public string? Library { get; init; }

    /// <summary>The gravity of the clock, such as "0i 0k 0u".</summary>
    public string? Gravity { get; init; }

    /// <summary>The clock source.</summary>
    public string? ClockSource { get; init; }

    /// <summary>How the clock is reached from user space.</summary>
    public string? Vdso { get; init; }

    /// <summary>The options of the run: period, context, priority.</summary>
    public required LatmusOptions Options { get; init; }

    /// <summary>The responder's CPU.</summary>
    public required int Cpu { get; init; }

    /// <summary>Whether that CPU is set apart for it.</summary>
    public bool Isolated { get; init; }

    /// <summary>Whether the CPUs were kept from deep sleep.</summary>
    public bool CStateRestricted { get; init; }

    /// <summary>How long it ran, the warm-up not counted.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Unwanted in-band switches.</summary>
    public uint Switches { get; init; }

    /// <summary>What was measured in all.</summary>
    public required LatencyTotals Totals { get; init; }
}
