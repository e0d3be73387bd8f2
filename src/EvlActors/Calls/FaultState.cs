using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>One point that is configured: its attributes, and what is used up of them. Any thread.</summary>
internal sealed class FaultState(FaultAttributes attributes)
{
    private readonly Lock _gate = new();
    private int _times = attributes.Times;
    private long _space = attributes.Space;
    private long _candidates;
    private long _met;
    private long _injected;

    internal FaultAttributes Attributes => attributes;

    /// <summary>How often the point was met by those whom its filter lets through.</summary>
    internal long Met => Interlocked.Read(ref _met);

    internal long Injected => Interlocked.Read(ref _injected);

    /// <summary>Whether this time fails; 0: no, else which time it is that the point is met.</summary>
    internal long Decide(Call? call, long size, IActorEngine engine)
    {
        // The filter is user code, so it is asked without the lock; it changes nothing, so its place in the order does not matter.
        if (attributes.TaskFilter is { } filter && (call is null || !Passes(filter, call.Thread)))
            return 0;
        lock (_gate)
        {
            long met = ++_met;
            if (!Fails(met, size, engine))
                return 0;
            _injected++;
            return met;
        }
    }

    // What the filter sets is undone here, and what the thread brings along is taken off: not every turn looks for it.
    private static bool Passes(Predicate<FaultTask> filter, ThreadInfo thread)
    {
        BroughtContext brought = BroughtContext.TakeOff();
        try
        {
            return filter(new FaultTask(thread.Process.Pid, thread.Tid, thread.Name));
        }
        finally
        {
            brought.PutBack();
        }
    }

    private bool Fails(long met, long size, IActorEngine engine)
    {
        if (attributes.FailNth > 0)
            return met == attributes.FailNth;
        if (attributes.Probability == 0 || _times == 0)
            return false;
        if (_space > size)
        {
            _space -= size;
            return false;
        }
        if (++_candidates % attributes.Interval != 0)
            return false;
        if (attributes.Probability < 100 && engine.NextRandom() % 100 >= (ulong)attributes.Probability)
            return false;
        if (_times > 0)
            _times--;
        return true;
    }
}
