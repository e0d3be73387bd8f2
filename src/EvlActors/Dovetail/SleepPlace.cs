using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Where a call sleeps, as far as its thread's actor was told; the sleep may have ended meanwhile.</summary>
internal struct SleepPlace
{
    private SteadyRef<ActorRef> _where;
    private object? _sleeper;
    private int _number;

    internal readonly bool IsKnown => _where.Value is not null;

    internal void Begin(SleepNotice notice)
    {
        _where.Set(notice.Where);
        if (!ReferenceEquals(_sleeper, notice.Sleeper))
            _sleeper = notice.Sleeper;
        _number = notice.SleepNumber;
    }

    internal void End() => _where.Value = null;

    /// <summary>Ends the sleep, of which it is known where; nothing happens if it is over.</summary>
    internal readonly void Interrupt(Call call, Errno reason) =>
        _where.Value!.Tell(new Interrupt(_sleeper!, call, call.Number, _number, reason), Rank.Head); // both are known
}
