namespace EvlActors.Engine;

/// <summary>The actors that a lane has, the latest first. Guarded by the lane's lock.</summary>
internal struct CellList
{
    private LaneCell? _first;

    internal readonly bool IsEmpty => _first is null;

    internal void Add(LaneCell cell)
    {
        cell.NextCell = _first;
        if (_first is not null)
            _first.PreviousCell = cell;
        _first = cell;
    }

    internal void Remove(LaneCell cell)
    {
        if (cell.PreviousCell is null)
            _first = cell.NextCell;
        else
            cell.PreviousCell.NextCell = cell.NextCell;
        if (cell.NextCell is not null)
            cell.NextCell.PreviousCell = cell.PreviousCell;
        cell.NextCell = null;
        cell.PreviousCell = null;
    }

    /// <summary>Those there are, in no order that means anything.</summary>
    internal readonly List<LaneCell> All()
    {
        List<LaneCell> all = [];
        for (LaneCell? cell = _first; cell is not null; cell = cell.NextCell)
            all.Add(cell);
        return all;
    }
}
