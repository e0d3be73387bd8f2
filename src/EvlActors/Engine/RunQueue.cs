using System.Numerics;
using EvlActors.Actors;

namespace EvlActors.Engine;

/// <summary>
/// The actors of a lane that have something to do, by the level of their first message; first come, first served within a level.
/// Used by the lane's owner alone.
/// </summary>
internal struct RunQueue()
{
    /// <summary>The level of an empty queue: below every rank.</summary>
    internal const int NoLevel = 128;

    private readonly LaneCell?[] _first = new LaneCell?[Rank.Levels];
    private readonly LaneCell?[] _last = new LaneCell?[Rank.Levels];
    private ulong _levels0To63;
    private ulong _levels64To127;

    /// <summary>The highest level that has an actor, or <see cref="NoLevel"/>.</summary>
    internal int FirstLevel { get; private set; } = NoLevel; // asked for far more often than it changes

    internal readonly bool IsEmpty => FirstLevel == NoLevel;

    /// <summary>The actor that goes next, or null.</summary>
    internal readonly LaneCell? First => FirstLevel is var level && level < NoLevel ? _first[level] : null;

    /// <summary>Puts a cell at the end of a level; moves it up if it waits at a lower one, leaves it if at a higher one.</summary>
    internal void Add(LaneCell cell, int level)
    {
        if (cell.ReadyLevel != LaneCell.NotReady)
        {
            if (cell.ReadyLevel <= level)
                return;
            Remove(cell);
        }
        cell.ReadyLevel = level;
        LaneCell? last = _last[level];
        cell.PreviousReady = last;
        if (last is null)
        {
            _first[level] = cell;
            Mark(level);
        }
        else
            last.NextReady = cell;
        _last[level] = cell;
    }

    /// <summary>Takes the actor that goes next.</summary>
    /// <returns>The cell, or null if there is none.</returns>
    internal LaneCell? RemoveFirst()
    {
        int level = FirstLevel;
        if (level == NoLevel)
            return null;
        LaneCell cell = _first[level]!; // its bit is set
        LaneCell? next = cell.NextReady;
        _first[level] = next;
        if (next is null)
        {
            _last[level] = null;
            Unmark(level);
        }
        else
        {
            next.PreviousReady = null;
            cell.NextReady = null;
        }
        cell.ReadyLevel = LaneCell.NotReady;
        return cell;
    }

    internal void Remove(LaneCell cell)
    {
        int level = cell.ReadyLevel;
        if (cell.PreviousReady is null)
            _first[level] = cell.NextReady;
        else
            cell.PreviousReady.NextReady = cell.NextReady;
        if (cell.NextReady is null)
            _last[level] = cell.PreviousReady;
        else
            cell.NextReady.PreviousReady = cell.PreviousReady;
        if (_first[level] is null)
            Unmark(level);
        cell.NextReady = null;
        cell.PreviousReady = null;
        cell.ReadyLevel = LaneCell.NotReady;
    }

    private void Mark(int level)
    {
        if (level < 64)
            _levels0To63 |= 1UL << level;
        else
            _levels64To127 |= 1UL << (level - 64);
        FirstLevel = Math.Min(FirstLevel, level);
    }

    private void Unmark(int level)
    {
        if (level < 64)
            _levels0To63 &= ~(1UL << level);
        else
            _levels64To127 &= ~(1UL << (level - 64));
        FirstLevel = _levels0To63 != 0 ? BitOperations.TrailingZeroCount(_levels0To63) : 64 + BitOperations.TrailingZeroCount(_levels64To127);
    }
}
