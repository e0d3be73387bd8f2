using EvlActors.Actors;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

public sealed class TimerHeapTests
{
    [Fact]
    public void RemoveDue_RandomSetsAndRemoves_AsASortedList()
    {
        var random = new Random(11);
        var heap = new TimerHeap();
        ActorTimer[] timers = [.. Enumerable.Range(0, 60).Select(_ => new ActorTimer(null!))];
        var dates = new Dictionary<ActorTimer, long>();
        for (int step = 0; step < 20_000; step++)
        {
            ActorTimer timer = timers[random.Next(timers.Length)];
            switch (random.Next(4))
            {
                case 0:
                    heap.Remove(timer);
                    dates.Remove(timer);
                    break;
                case 1:
                    long now = random.Next(1000);
                    ActorTimer? due = heap.RemoveDue(now);
                    Assert.Equal(dates.Count > 0 && dates.Values.Min() <= now, due is not null);
                    if (due is not null)
                    {
                        Assert.Equal(dates.Values.Min(), dates[due]);
                        Assert.True(dates.Remove(due));
                        Assert.Equal(-1, due.HeapIndex);
                    }
                    break;
                default:
                    dates[timer] = random.Next(1000);
                    heap.Set(timer, dates[timer]);
                    break;
            }
            Assert.Equal(dates.Count == 0 ? long.MaxValue : dates.Values.Min(), heap.NextDueNs);
        }
    }
}
