namespace Latmus;

/// <summary>The counters of a measuring run: nothing in its first second, then a measurement for each second of samples.</summary>
internal sealed class MeasurementRound
{
    private const long SecondNs = 1_000_000_000;

    private readonly uint _samplesEach;
    private long _countFromNs;
    private long _sum;
    private int _min;
    private int _max;
    private uint _overruns;
    private uint _samples;

    /// <summary>One that has not begun.</summary>
    /// <param name="periodNs">The sampling period.</param>
    /// <param name="cells">The cells of the histogram; 0: none is kept.</param>
    public MeasurementRound(long periodNs, int cells)
    {
        _samplesEach = (uint)(SecondNs / periodNs);
        Histogram = cells == 0 ? null : new LatencyHistogram(cells);
    }

    /// <summary>The distribution of all that was counted, or null.</summary>
    public LatencyHistogram? Histogram { get; }

    /// <summary>Begins anew.</summary>
    /// <param name="firstNs">The first ideal date; the warm-up lasts for a second from there.</param>
    public void Begin(long firstNs)
    {
        _countFromNs = firstNs + SecondNs;
        Histogram?.Clear();
        Clear();
    }

    /// <summary>Counts a sample, unless it belongs to the warm-up.</summary>
    /// <returns>Whether the measurement is complete, to be taken now.</returns>
    public bool Add(in Shot shot)
    {
        if (shot.IdealNs < _countFromNs)
            return false;
        int delta = (int)Math.Clamp(shot.DeltaNs, int.MinValue, int.MaxValue);
        _sum += delta;
        _min = Math.Min(_min, delta);
        _max = Math.Max(_max, delta);
        _overruns += (uint)shot.Missed;
        Histogram?.Add(delta);
        return ++_samples >= _samplesEach;
    }

    /// <summary>What was counted since the last one; the counters restart.</summary>
    public Measurement Take()
    {
        Measurement taken = _samples == 0 ? default : new(_sum, _min, _max, _overruns, _samples);
        Clear();
        return taken;
    }

    private void Clear()
    {
        _sum = 0;
        _min = int.MaxValue;
        _max = int.MinValue;
        _overruns = 0;
        _samples = 0;
    }
}
