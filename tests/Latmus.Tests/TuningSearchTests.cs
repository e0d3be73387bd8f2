using EvlActors;

namespace Latmus.Tests;

public sealed class TuningSearchTests
{
    private readonly TuningSearch _search = new();

    [Fact]
    public void Add_RoomyLimit_FortyScoredStepsOf500()
    {
        WarmUp(1_000_000);

        for (int step = 0; step < TuningSearch.ScoredSteps; step++)
        {
            Assert.Equal(step * 500, _search.Gravity);
            Assert.Equal(step < TuningSearch.ScoredSteps - 1, _search.Add(20_000 - (step * 500), 10, 5));
        }

        // The 20 best means are those of steps 20 to 39; the rest is equal, so steps 39 to 35 stay and 35 needs least.
        Assert.Equal(SysResult.Ok(17_500), _search.Result);
    }

    [Fact]
    public void Add_WarmUp_NoGravityAndNoScore()
    {
        for (int step = 0; step < TuningSearch.WarmUpSteps; step++)
        {
            Assert.Equal(0, _search.Gravity);
            Assert.True(_search.Add(1, 1, -5));
        }

        Assert.Equal(0, _search.Gravity);
    }

    [Fact]
    public void Add_GravityBeyondWarmUpMinimum_Ends()
    {
        WarmUp(1200);

        Assert.True(_search.Add(100, 1, 1));
        Assert.True(_search.Add(90, 1, 1));
        Assert.False(_search.Add(80, 1, 1));

        // By mean 1000 and 500 stay, then 1000 alone.
        Assert.Equal(SysResult.Ok(1000), _search.Result);
    }

    [Fact]
    public void Add_NegativeWithinGravity_EndsWithWhatWasScored()
    {
        WarmUp(10_000);
        _search.Add(100, 1, 1);
        _search.Add(90, 1, 1);

        Assert.False(_search.Add(10, 1, -1000));

        Assert.Equal(SysResult.Ok(500), _search.Result);
    }

    [Fact]
    public void Add_EarlyShot_EAGAIN()
    {
        WarmUp(10_000);
        _search.Add(100, 1, 1);

        Assert.False(_search.Add(10, 1, -501));

        Assert.Equal(SysResult.Error(Errno.EAGAIN), _search.Result);
    }

    [Fact]
    public void Add_AfterTheEnd_Throws()
    {
        WarmUp(0);
        Assert.False(_search.Add(1, 1, 0));

        Assert.Throws<InvalidOperationException>(() => _search.Add(1, 1, 0));
    }

    [Fact]
    public void Result_BeforeTheEnd_Throws() => Assert.Throws<InvalidOperationException>(() => _search.Result);

    private void WarmUp(int min)
    {
        for (int step = 0; step < TuningSearch.WarmUpSteps; step++)
            Assert.True(_search.Add(1, 1, min));
    }
}
