namespace Latmus.Tests;

public sealed class TuningFilterTests
{
    [Fact]
    public void Choose_OneStep_ItsGravity() => Assert.Equal(700, TuningFilter.Choose([new(700, 1, 1, 1)]));

    [Fact]
    public void Choose_NoStep_Throws() => Assert.Throws<InvalidOperationException>(() => TuningFilter.Choose([]));

    [Fact]
    public void Choose_MeanComesFirst_WorseHalfNeverWins() =>
        Assert.Equal(500, TuningFilter.Choose([new(0, 900, 0, 0), new(500, 100, 90, 90)]));

    [Fact]
    public void Choose_DeviationComesSecond() => Assert.Equal(
        1000,
        TuningFilter.Choose([new(0, 900, 0, 0), new(500, 100, 90, 0), new(1000, 100, 10, 90), new(1500, 900, 0, 0)]));

    [Fact]
    public void Choose_MinimumComesThird() => Assert.Equal(
        1000,
        TuningFilter.Choose(
        [
            new(0, 100, 10, 50), new(1000, 100, 10, 20), new(100, 100, 90, 0), new(200, 100, 90, 0),
            new(300, 900, 0, 0), new(400, 900, 0, 0), new(500, 900, 0, 0), new(600, 900, 0, 0),
        ]));

    [Fact]
    public void Choose_AllTheSame_SmallestGravity() => Assert.Equal(
        0, TuningFilter.Choose([.. Enumerable.Range(0, 40).Select(step => new TuningStep(step * 500, 100, 10, 5))]));

    [Fact]
    public void Choose_NineOfAKind_HalvesRoundedUpThenSmallestGravity()
    {
        // 9 -> 5 -> 3 -> 2 by order of arrival; the second of these has the smaller gravity.
        TuningStep[] steps = [.. new[] { 90, 80, 10, 10, 10, 0, 0, 0, 0 }.Select(gravity => new TuningStep(gravity, 1, 1, 1))];

        Assert.Equal(80, TuningFilter.Choose(steps));
    }
}
