namespace Latmus.Tests;

public sealed class ShotScheduleTests
{
    private const long Ms = 1_000_000;

    private readonly ShotSchedule _schedule = new(Ms);

    [Fact]
    public void TryAnswer_BeforeTheFirstShot_Ignored()
    {
        _schedule.Begin(10 * Ms, 0);

        Assert.False(_schedule.IsDue);
        Assert.False(_schedule.TryAnswer(10 * Ms, out _));
    }

    [Fact]
    public void TryAnswer_Due_LatenessOnceThenNotDue()
    {
        _schedule.Begin(10 * Ms, 0);
        _schedule.Fired(10 * Ms);

        Assert.True(_schedule.TryAnswer((10 * Ms) + 1234, out Shot shot));
        Assert.Equal(new Shot(10 * Ms, 1234, 0), shot);
        Assert.False(_schedule.IsDue);
        Assert.False(_schedule.TryAnswer((10 * Ms) + 1234, out _));
    }

    [Theory]
    [Trait("Case", "C290")]
    [InlineData(999_999, 0)]
    [InlineData(1_000_000, 1)]
    [InlineData(2_500_000, 2)]
    public void TryAnswer_Late_EachFullPeriodIsMissedAndNotAnsweredAnyMore(long delta, long missed)
    {
        _schedule.Begin(10 * Ms, 0);
        for (long date = 10 * Ms; date <= (10 * Ms) + delta; date += Ms)
            _schedule.Fired(date);

        Assert.True(_schedule.TryAnswer((10 * Ms) + delta, out Shot shot));

        Assert.Equal(missed, shot.Missed);
        Assert.False(_schedule.IsDue);
        long next = (11 + missed) * Ms;
        _schedule.Fired(next);
        Assert.True(_schedule.TryAnswer(next + 5, out shot));
        Assert.Equal(new Shot(next, 5, 0), shot);
    }

    [Fact]
    public void TryAnswer_SlowAfterItsStamp_NextShotIsDueWithItsOwnLateness()
    {
        _schedule.Begin(10 * Ms, 0);
        for (int i = 10; i <= 14; i++)
            _schedule.Fired(i * Ms);

        Assert.True(_schedule.TryAnswer((10 * Ms) + 7, out Shot first));
        Assert.True(_schedule.TryAnswer((14 * Ms) + 9, out Shot second));

        Assert.Equal(new Shot(10 * Ms, 7, 0), first);
        Assert.Equal(new Shot(11 * Ms, (3 * Ms) + 9, 3), second);
        Assert.False(_schedule.IsDue);
    }

    [Fact]
    public void TryAnswer_GravityLargerThanLatency_Early()
    {
        _schedule.Begin(10 * Ms, 5000);
        _schedule.Fired((10 * Ms) - 5000);

        Assert.True(_schedule.TryAnswer((10 * Ms) - 3000, out Shot shot));

        Assert.Equal(new Shot(10 * Ms, -3000, 0), shot);
    }

    [Fact]
    public void TryAnswer_StampOfAnEarlierShot_Ignored()
    {
        _schedule.Begin(10 * Ms, 0);
        _schedule.Fired(10 * Ms);
        _schedule.TryAnswer((10 * Ms) + 7, out _);
        _schedule.Fired(11 * Ms);

        Assert.False(_schedule.TryAnswer((10 * Ms) + 7, out _));
        Assert.True(_schedule.IsDue);
    }
}
