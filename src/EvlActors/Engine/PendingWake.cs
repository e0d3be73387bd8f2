namespace EvlActors.Engine;

/// <summary>
/// The lane that somebody still has to be woken for, because the turns of another lane sent to it. One wake serves all that was
/// sent meanwhile. Owned by the owner of the sending lane.
/// </summary>
internal struct PendingWake
{
    private Lane? _lane;
    private LaneCaller? _caller;

    internal readonly bool IsPending => _lane is not null;

    /// <summary>Remembers a lane; another one that was remembered is seen to now.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="caller">Who may be woken to run it, or null.</param>
    internal void Set(Lane lane, LaneCaller? caller)
    {
        if (ReferenceEquals(_lane, lane))
            return;
        Do();
        _lane = lane;
        _caller = caller;
    }

    /// <summary>Sees to the lane that was remembered, if one was.</summary>
    internal void Do()
    {
        if (_lane is not { } lane)
            return;
        LaneCaller? caller = _caller;
        _lane = null;
        _caller = null;
        lane.WakeFor(caller);
    }
}
