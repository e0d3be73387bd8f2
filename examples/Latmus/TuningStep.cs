namespace Latmus;

/// <summary>What one step of tuning found, all in ns.</summary>
/// <param name="Gravity">The gravity it ran with.</param>
/// <param name="Mean">The mean latency.</param>
/// <param name="StdDev">The standard deviation.</param>
/// <param name="Min">The smallest latency; negative: the timer came early.</param>
internal readonly record struct TuningStep(int Gravity, int Mean, int StdDev, int Min);
