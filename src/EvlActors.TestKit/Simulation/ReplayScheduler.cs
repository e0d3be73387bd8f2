namespace EvlActors.TestKit;

/// <summary>
/// Repeats the choices of a schedule, and everywhere else lets the actor run that had something to do last: a call runs on
/// without interruption, and what is left in the schedule is what interrupts it.
/// </summary>
internal sealed class ReplayScheduler(Schedule schedule) : Scheduler
{
    private int _choices;
    private int _next;

    /// <summary>Whether the choice that was made last is one of the schedule's.</summary>
    internal bool WasScheduled { get; private set; }

    internal override int Choose(ReadOnlySpan<SimulatedActor> ready)
    {
        IReadOnlyList<ScheduledChoice> choices = schedule.Choices;
        int skipped = 0;
        WasScheduled = _next < choices.Count && choices[_next].Number == _choices;
        if (WasScheduled)
            skipped = Math.Min(choices[_next++].Skipped, ready.Length - 1);
        _choices++;
        return NewestBut(ready, skipped);
    }

    /// <summary>How many of the ready became so after this one.</summary>
    internal static int NewerThan(ReadOnlySpan<SimulatedActor> ready, SimulatedActor actor)
    {
        int newer = 0;
        foreach (SimulatedActor other in ready)
            newer += other.ReadySince > actor.ReadySince ? 1 : 0;
        return newer;
    }

    private static int NewestBut(ReadOnlySpan<SimulatedActor> ready, int skipped)
    {
        for (int i = 0; ; i++)
        {
            if (NewerThan(ready, ready[i]) == skipped)
                return i;
        }
    }
}
