namespace EvlActors.Engine;

/// <summary>
/// Sees whether the in-band-ranked messages of a lane wait although the lane runs: none of them had its turn for longer than the
/// limit. Used by the lane's owner alone; counts without a clock, which is read only while one waits and nothing was reported.
/// </summary>
/// <param name="limitNs">How long none may have its turn.</param>
internal struct HoldUpWatch(long limitNs)
{
    private int _waiting;
    private long _sinceNs;
    private bool _isReported;

    /// <summary>Whether there is anything to look for.</summary>
    internal readonly bool IsNeeded => _waiting > 0 && !_isReported;

    /// <summary>How many wait; whoever reads it elsewhere sees what was so a moment ago.</summary>
    internal readonly int Waiting => _waiting;

    internal void Queued() => _waiting++;

    /// <summary>One has its turn, or is given back: whoever else waits is counted from the next look.</summary>
    internal void Taken()
    {
        _waiting--;
        _sinceNs = 0;
    }

    /// <summary>Looks; for while it is needed.</summary>
    /// <returns>Whether it has to be reported: true once.</returns>
    internal bool IsOver(long nowNs)
    {
        if (_sinceNs == 0)
            _sinceNs = nowNs;
        _isReported = nowNs - _sinceNs > limitNs;
        return _isReported;
    }
}
