using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>Where a call sleeps, as far as its thread's actor was told; the sleep may have ended meanwhile.</summary>
internal readonly struct SleepPlace(SleepNotice notice)
{
    private readonly ActorRef _where = notice.Where;
    private readonly object _sleeper = notice.Sleeper;
    private readonly int _number = notice.SleepNumber;

    internal bool IsKnown => _where is not null;

    /// <summary>Ends the sleep; nothing happens if it is over.</summary>
    internal void Interrupt(Call call, Errno reason) =>
        _where.Tell(new Interrupt(_sleeper, call, call.Number, _number, reason), Rank.Head);
}
