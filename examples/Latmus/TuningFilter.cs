namespace Latmus;

/// <summary>Chooses the gravity among the steps of a search.</summary>
internal static class TuningFilter
{
    /// <summary>
    /// Keeps the better half by mean, of these the better half by standard deviation, of these the better half by smallest
    /// latency; of what is left the smallest gravity wins. A half is rounded up, and of equals the earlier step is better.
    /// </summary>
    /// <param name="steps">At least one step.</param>
    /// <returns>The gravity, in ns.</returns>
    /// <exception cref="InvalidOperationException">There is no step.</exception>
    public static int Choose(IReadOnlyCollection<TuningStep> steps)
    {
        TuningStep[] left = BetterHalf(steps, step => step.Mean);
        left = BetterHalf(left, step => step.StdDev);
        left = BetterHalf(left, step => step.Min);
        return left.Min(step => step.Gravity);
    }

    private static TuningStep[] BetterHalf(IReadOnlyCollection<TuningStep> steps, Func<TuningStep, int> figure) =>
        [.. steps.OrderBy(figure).Take((steps.Count + 1) / 2)];
}
