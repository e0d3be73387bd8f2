namespace EvlActors.TestKit;

/// <summary>How far a recording could be repeated in simulation.</summary>
/// <param name="Schedule">The schedule: <c>Simulation.Replay(scenario, run.Schedule.ToString())</c> repeats it.</param>
/// <param name="Repeated">How many of the events that count came in the recorded order.</param>
/// <param name="Recorded">How many there are.</param>
/// <param name="Difference">What happened first in the simulation that did not then, or not yet; null: nothing.</param>
/// <param name="Failure">How the simulated run failed, by its invariants or its scenario; null: it did not.</param>
public sealed record RecordedRun(Schedule Schedule, int Repeated, int Recorded, string? Difference, Exception? Failure)
{
    /// <summary>Whether all that was recorded was repeated in its order.</summary>
    public bool IsWhole => Repeated == Recorded;
}
