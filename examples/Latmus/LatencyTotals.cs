namespace Latmus;

/// <summary>Everything measured since the start.</summary>
internal sealed class LatencyTotals
{
    /// <summary>The smallest latency, in ns.</summary>
    public int Min { get; private set; } = int.MaxValue;

    /// <summary>The largest latency, in ns.</summary>
    public int Max { get; private set; } = int.MinValue;

    /// <summary>How many samples there were.</summary>
    public long Samples { get; private set; }

    /// <summary>Full periods missed.</summary>
    public long Overruns { get; private set; }

    /// <summary>When the largest latency came, the warm-up not counted.</summary>
    public TimeSpan Peak { get; private set; }

    /// <summary>The average in ns, by integer division; there must be a sample.</summary>
    public long Average => Sum / Samples;

    private long Sum { get; set; }

    /// <summary>Adds a measurement.</summary>
    /// <param name="measurement">The measurement.</param>
    /// <param name="time">When it came, the warm-up not counted.</param>
    public void Add(in Measurement measurement, TimeSpan time)
    {
        Min = Math.Min(Min, measurement.Min);
        if (measurement.Max > Max)
        {
            Max = measurement.Max;
            Peak = time;
        }

        Sum += measurement.Sum;
        Samples += measurement.Samples;
        Overruns += measurement.Overruns;
    }
}
