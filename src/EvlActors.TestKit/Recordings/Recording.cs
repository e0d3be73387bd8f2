namespace EvlActors.TestKit;

/// <summary>
/// The events of a live run, on any engine, to replay their order in simulation: make one before the scenario begins, and <see cref="Stop"/> it
/// when that has ended, before the machine is disposed of.
/// </summary>
/// <remarks>
/// What is replayed is the order of what depends on each other: events of one thread, of one open file, and the beginnings of handlers. Time is
/// virtual in simulation, so an order that hangs on a clock may not come about, nor does one that hangs on what is outside of
/// the machine (other tasks, data that comes from elsewhere). The scenario has to be the same code, so that threads, files and
/// descriptors have the same numbers.
/// </remarks>
public sealed class Recording
{
    private readonly object _gate = new();
    private readonly List<MachineEvent> _events = [];
    private readonly IDisposable _subscription;

    /// <summary>Begins to record.</summary>
    /// <param name="machine">The machine.</param>
    public Recording(EvlMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _subscription = machine.Events.Subscribe(Happened);
    }

    /// <summary>What was recorded, in order.</summary>
    public IReadOnlyList<MachineEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events.OrderBy(e => e.Sequence)];
        }
    }

    /// <summary>Ends recording; a second time does nothing.</summary>
    public void Stop() => _subscription.Dispose();

    /// <summary>
    /// Looks for a schedule that runs a scenario in the recorded order: each seed is led by the recording, and left where it departs from it.
    /// </summary>
    /// <param name="scenario">What was recorded, done with a simulated machine.</param>
    /// <param name="seeds">How many seeds are tried, at least 1.</param>
    /// <param name="options">How it is run otherwise; null: the defaults.</param>
    /// <returns>The schedule that comes farthest: <see cref="RecordedRun.IsWhole"/> if it repeats everything.</returns>
    public RecordedRun FindSchedule(Func<SimulationScenario, Task> scenario, int seeds = 10_000, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        options ??= new SimulationOptions { ForeignGrace = TimeSpan.Zero };
        MachineEvent[] events = [.. Events.Where(RecordedOrder.Counts)];
        RecordedRun? best = null;
        for (ulong seed = 1; seed <= (ulong)seeds && best is not { IsWhole: true }; seed++)
        {
            RecordedRun run = Try(scenario, options, events, seed);
            if (best is null || run.Repeated > best.Repeated)
                best = run;
        }
        return best!; // at least one seed was tried
    }

    private static RecordedRun Try(Func<SimulationScenario, Task> scenario, SimulationOptions options, MachineEvent[] events, ulong seed)
    {
        var order = new RecordedOrder(events);
        var choices = new List<ScheduledChoice>();
        var run = new SimulationRun(
            async s =>
            {
                using IDisposable following = s.Machine.Events.Subscribe(happened =>
                {
                    if (!order.Follows(happened))
                        s.Engine.Unhandled(new ExpectationFailedException(order.Difference!)); // it does not follow
                });
                await scenario(s).ConfigureAwait(true);
            },
            options with { Seed = seed, Schedule = null, EventLog = null, Recorded = order });
        run.Engine.OnChoice = choice =>
        {
            if (choice.Skipped > 0)
                choices.Add(choice);
        };
        Exception? failure = run.Execute();
        return new RecordedRun(new Schedule(seed, choices), order.Followed, events.Length, order.Difference, order.Difference is null ? failure : null);
    }

    private void Happened(MachineEvent happened)
    {
        lock (_gate)
            _events.Add(happened);
    }
}
