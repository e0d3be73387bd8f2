namespace EvlActors.Engine;

/// <summary>The lane's worker found a date come while another thread owned the lane: the owner expires the timers.</summary>
internal sealed class TimerSignal : LaneSignal
{
    internal override void Apply(Lane lane) => lane.ExpireTimersAsTold();
}
