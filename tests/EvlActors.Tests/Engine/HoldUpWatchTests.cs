using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

public sealed class HoldUpWatchTests
{
    private HoldUpWatch _watch = new(limitNs: 100);

    [Fact]
    public void IsNeeded_NothingWaits_False()
    {
        Assert.False(_watch.IsNeeded);
        _watch.Queued();
        Assert.True(_watch.IsNeeded);
        _watch.Taken();
        Assert.False(_watch.IsNeeded);
    }

    [Fact]
    public void IsOver_LimitPassed_Once()
    {
        _watch.Queued();

        Assert.False(_watch.IsOver(1_000));
        Assert.False(_watch.IsOver(1_100));
        Assert.True(_watch.IsOver(1_101));

        Assert.False(_watch.IsNeeded);
        _watch.Taken();
        _watch.Queued();
        Assert.False(_watch.IsNeeded);
    }

    [Fact]
    public void IsOver_OneOfSeveralHasItsTurn_TheOthersAreCountedAnew()
    {
        _watch.Queued();
        _watch.Queued();
        Assert.False(_watch.IsOver(1_000));
        _watch.Taken();

        Assert.False(_watch.IsOver(5_000));
        Assert.True(_watch.IsOver(5_101));
    }
}
