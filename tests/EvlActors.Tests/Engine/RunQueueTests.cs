using EvlActors.Actors;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

public sealed class RunQueueTests
{
    [Fact]
    public void RemoveFirst_RandomAddsAndRemoves_ByLevelThenByArrival()
    {
        var random = new Random(5);
        var queue = new RunQueue();
        LaneCell[] cells = [.. Enumerable.Range(0, 40).Select(i => new LaneCell(new SpawnOptions($"{i}"), new Idle(), null!))];
        var model = new List<(LaneCell Cell, int Level, int Arrival)>();
        for (int step = 0; step < 20_000; step++)
        {
            LaneCell cell = cells[random.Next(cells.Length)];
            int at = model.FindIndex(entry => entry.Cell == cell);
            switch (random.Next(4))
            {
                case 0 when at >= 0:
                    queue.Remove(cell);
                    model.RemoveAt(at);
                    break;
                case 1:
                    (LaneCell? first, _, _) = model.OrderBy(entry => entry.Level).ThenBy(entry => entry.Arrival).FirstOrDefault();
                    Assert.Same(first, queue.RemoveFirst());
                    model.RemoveAll(entry => entry.Cell == first);
                    break;
                default:
                    int level = random.Next(Rank.Levels);
                    queue.Add(cell, level);
                    if (at >= 0 && model[at].Level > level)
                        model.RemoveAt(at);
                    if (at < 0 || !model.Exists(entry => entry.Cell == cell))
                        model.Add((cell, level, step));
                    break;
            }
            Assert.Equal(model.Count == 0, queue.IsEmpty);
            Assert.Equal(model.Count == 0 ? RunQueue.NoLevel : model.Min(entry => entry.Level), queue.FirstLevel);
        }
    }

    private sealed class Idle : Actor
    {
        protected internal override void Receive(Message message)
        {
        }
    }
}
