namespace Latmus;

/// <summary>
/// The ideal dates of one round: which is to be answered next, and whether the timer has shot for it. What a late answer passes
/// over is missed, and is not answered any more.
/// </summary>
/// <param name="periodNs">The sampling period.</param>
internal sealed class ShotSchedule(long periodNs)
{
    private long _gravityNs;
    private long _idealNs;
    private long _shotNs;

    /// <summary>Whether there was a shot that nobody answered yet.</summary>
    public bool IsDue => _shotNs >= _idealNs;

    /// <summary>Begins a round.</summary>
    /// <param name="firstNs">The first ideal date.</param>
    /// <param name="gravityNs">How much earlier the timer shoots.</param>
    public void Begin(long firstNs, long gravityNs)
    {
        _gravityNs = gravityNs;
        _idealNs = firstNs;
        _shotNs = firstNs - periodNs;
    }

    /// <summary>The timer has shot.</summary>
    /// <param name="timerNs">The date for which the timer was set.</param>
    public void Fired(long timerNs) => _shotNs = timerNs + _gravityNs;

    /// <summary>Answers the shot that is due, and goes on to the first ideal date after the stamp.</summary>
    /// <param name="stampNs">When the responder ran.</param>
    /// <param name="shot">The answer.</param>
    /// <returns>False if none is due, or the stamp is older than the shot: one that was passed in twice.</returns>
    public bool TryAnswer(long stampNs, out Shot shot)
    {
        shot = default;
        if (!IsDue || stampNs < _idealNs - _gravityNs)
            return false;
        long delta = stampNs - _idealNs;
        long missed = Math.Max(0, delta) / periodNs;
        shot = new Shot(_idealNs, delta, missed);
        _idealNs += (missed + 1) * periodNs;
        return true;
    }
}
