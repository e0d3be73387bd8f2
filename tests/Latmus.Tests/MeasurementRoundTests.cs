namespace Latmus.Tests;

[Trait("Case", "C290")]
public sealed class MeasurementRoundTests
{
    private const long Ms = 1_000_000;
    private const long Second = 1_000_000_000;

    [Fact]
    public void Add_FirstSecond_NotCounted()
    {
        MeasurementRound round = new(Ms, 10);
        round.Begin(5 * Second);

        Assert.False(round.Add(new Shot(5 * Second, 1000, 0)));
        Assert.False(round.Add(new Shot((6 * Second) - Ms, 1000, 9)));

        Assert.Equal(default, round.Take());
        Assert.Equal(0, round.Histogram!.Samples);
    }

    [Theory]
    [InlineData(1000, 1_000_000)]
    [InlineData(Ms, 1000)]
    [InlineData(Second, 1)]
    [InlineData(3 * Ms, 333)]
    public void Add_AfterTheWarmUp_CompleteWithASecondOfSamples(long period, int samples)
    {
        MeasurementRound round = new(period, 0);
        round.Begin(0);

        for (int i = 1; i < samples; i++)
            Assert.False(round.Add(new Shot(Second + (i * period), 1000, 0)));
        Assert.True(round.Add(new Shot(Second + (samples * period), 1000, 0)));

        Assert.Equal(new Measurement(1000L * samples, 1000, 1000, 0, (uint)samples), round.Take());
    }

    [Fact]
    public void Take_Samples_SumMinMaxOverrunsThenRestarts()
    {
        MeasurementRound round = new(Ms, 10);
        round.Begin(0);
        round.Add(new Shot(Second, -1500, 0));
        round.Add(new Shot(Second + Ms, 2_500_000, 2));
        round.Add(new Shot(Second + (4 * Ms), 3000, 0));

        Assert.Equal(new Measurement(2_501_500, -1500, 2_500_000, 2, 3), round.Take());
        Assert.Equal(default, round.Take());
        Assert.Equal([0, 1, 0, 1, 0, 0, 0, 0, 0, 1], round.Histogram!.Cells.ToArray());
    }

    [Fact]
    public void Begin_Again_Forgets()
    {
        MeasurementRound round = new(Ms, 10);
        round.Begin(0);
        round.Add(new Shot(Second, 1000, 0));

        round.Begin(5 * Second);

        Assert.Equal(default, round.Take());
        Assert.Equal(-1, round.Histogram!.Last);
    }

    [Fact]
    public void Add_SumBeyond32Bits_Kept()
    {
        MeasurementRound round = new(Ms, 0);
        round.Begin(0);

        for (int i = 0; i < 4; i++)
            round.Add(new Shot(Second + (i * Ms), int.MaxValue, 0));

        Assert.Equal(4L * int.MaxValue, round.Take().Sum);
    }
}
