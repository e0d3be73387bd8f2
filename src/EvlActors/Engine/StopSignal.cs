namespace EvlActors.Engine;

/// <summary>An actor was told to stop from outside its lane: it has its last turn next.</summary>
internal sealed class StopSignal(LaneCell cell) : LaneSignal
{
    internal override void Apply(Lane lane)
    {
        if (cell.IsStopPending)
            lane.MakeReady(cell);
    }
}
