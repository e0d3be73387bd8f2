namespace Latmus;

/// <summary>The samples of one tuning step.</summary>
/// <param name="periodNs">The sampling period.</param>
internal sealed class TuningRound(long periodNs)
{
    private readonly long _wanted = Math.Max(1, (long)TuningSearch.StepTime.TotalNanoseconds / periodNs);
    private long _samples;
    private double _sum;
    private double _squares;
    private int _min = int.MaxValue;

    /// <summary>Whether the step has all its samples.</summary>
    public bool IsComplete => _samples >= _wanted;

    /// <summary>Counts a sample; beyond the last one it is ignored.</summary>
    public void Add(in Shot shot)
    {
        if (IsComplete)
            return;
        int delta = (int)Math.Clamp(shot.DeltaNs, int.MinValue, int.MaxValue);
        _samples++;
        _sum += delta;
        _squares += (double)delta * delta;
        _min = Math.Min(_min, delta);
    }

    /// <summary>The step's figures; there must be a sample.</summary>
    /// <param name="gravity">The gravity that it ran with, in ns.</param>
    public TuningStep Read(int gravity)
    {
        double mean = _sum / _samples;
        double variance = Math.Max(0, (_squares / _samples) - (mean * mean));
        return new(gravity, (int)mean, (int)Math.Min(int.MaxValue, Math.Sqrt(variance)), _min);
    }
}
