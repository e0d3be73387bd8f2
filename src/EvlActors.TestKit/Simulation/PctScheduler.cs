namespace EvlActors.TestKit;

/// <summary>
/// Random priorities, with change points: the highest runs, and at each point it first drops below all that were there before.
/// With n actors and k choices a defect of depth d is found with a probability of at least 1 in n * k^(d-1), each run.
/// </summary>
internal sealed class PctScheduler : Scheduler
{
    private readonly int[] _changes;
    private SplitMix _draws;
    private int _choices;
    private int _changed;

    internal PctScheduler(ulong seed, int depth, int length)
    {
        _draws = new SplitMix(seed);
        _changes = new int[depth - 1];
        for (int i = 0; i < _changes.Length; i++)
            _changes[i] = _draws.Below(length);
        Array.Sort(_changes);
    }

    internal override int Choose(ReadOnlySpan<SimulatedActor> ready)
    {
        int highest = Highest(ready);
        while (_changed < _changes.Length && _changes[_changed] <= _choices)
        {
            // Those that were drawn are positive; each that drops goes below the last that did.
            ready[highest].Priority = -++_changed;
            highest = Highest(ready);
        }
        _choices++;
        return highest;
    }

    private int Highest(ReadOnlySpan<SimulatedActor> ready)
    {
        int highest = 0;
        for (int i = 0; i < ready.Length; i++)
        {
            SimulatedActor actor = ready[i];
            if (actor.Priority == 0)
                actor.Priority = 1 + (long)(_draws.Next() >> 2);
            if (actor.Priority > ready[highest].Priority)
                highest = i;
        }
        return highest;
    }
}
