namespace EvlActors.TestKit;

/// <summary>
/// Prefers whoever goes on with the call of the thread that the recording has next. That is a guess: what a turn leads to shows afterwards, so
/// now and then it chooses another.
/// </summary>
internal sealed class RecordedScheduler(ulong seed, RecordedOrder order) : Scheduler
{
    private const int OneInSoMany = 8;

    private SplitMix _draws = new(seed);

    internal override int Choose(ReadOnlySpan<SimulatedActor> ready)
    {
        if (_draws.Below(OneInSoMany) == 0)
            return _draws.Below(ready.Length);
        // Its own turns first, then those that are nobody's, which it may wait for.
        return AnyOf(ready, order.NextTid) ?? AnyOf(ready, 0) ?? _draws.Below(ready.Length);
    }

    private int? AnyOf(ReadOnlySpan<SimulatedActor> ready, int tid)
    {
        int? chosen = null;
        int found = 0;
        for (int i = 0; i < ready.Length; i++)
        {
            if (ready[i].NextTid == tid && _draws.Below(++found) == 0)
                chosen = i;
        }
        return chosen;
    }
}
