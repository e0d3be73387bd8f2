namespace EvlActors.Engine;

/// <summary>The engine is being disposed of: every actor of the lane has its last turn.</summary>
internal sealed class CloseSignal : LaneSignal
{
    internal override void Apply(Lane lane) => lane.StopAll();
}
