namespace EvlActors.Benchmarks;

/// <summary>What two interleaved loops took.</summary>
/// <param name="Measured">The median of the thing itself.</param>
/// <param name="Yardstick">The median of its yardstick.</param>
/// <param name="Ratio">The median of their ratios, sample by sample: what disturbed both cancels out.</param>
internal readonly record struct Comparison(double Measured, double Yardstick, double Ratio);
