namespace EvlActors.TestKit;

/// <summary>
/// Finds the shortest schedule that still fails in the same way: delta debugging over the recorded choices. What is left out
/// falls back to letting calls run on.
/// </summary>
internal sealed class Shrinker(Func<SimulationScenario, Task> scenario, ExplorationOptions options)
{
    private int _runs;
    private SimulationOptions _options = options.Simulation with { EventLog = null };

    /// <summary>Shrinks the run of a seed that fails.</summary>
    internal ExplorationFailure Shrink(ulong seed)
    {
        List<ScheduledChoice> choices = Record(seed, out Exception? failure, out SimulationEngine engine);
        var schedule = new Schedule(seed, choices);
        if (!engine.IsRepeatable)
            return NotRepeatable(schedule, string.Join("; ", engine.Foreign), failure);
        // A run that fails soon is no shorter for one that never ends; and nothing foreign is awaited in it.
        _options = _options with { Schedule = schedule, TurnLimit = 1_000 + 4 * engine.Turns, ForeignGrace = TimeSpan.Zero };
        if (failure is null || Fails(schedule) is not { } replayed || Kind(replayed) != Kind(failure))
            return NotRepeatable(schedule, "it does not fail when it is repeated", failure);
        string kind = Kind(failure);
        List<ScheduledChoice> left = AtMostOne(seed, kind) ?? LowerAll(seed, RemoveAll(seed, choices, kind), kind);
        return Tell(new Schedule(seed, left), choices.Count);
    }

    private static string Kind(Exception failure) => failure switch
    {
        SimulationFailedException { InnerException: InvariantViolatedException violated } => violated.Invariant,
        SimulationFailedException { InnerException: { } inner } => inner.GetType().FullName!, // an exception's own type has a name
        _ => failure.GetType().FullName!, // as above
    };

    private static ExplorationFailure NotRepeatable(Schedule schedule, string why, Exception? failure) => new(
        schedule.Seed,
        new SimulationNotRepeatableException($"Seed {schedule.Seed} is not repeatable: {why}.{(failure is null ? "" : $" It failed: {failure.Message}")}"),
        schedule,
        schedule.Choices.Count,
        "");

    private List<ScheduledChoice> Record(ulong seed, out Exception? failure, out SimulationEngine engine)
    {
        var choices = new List<ScheduledChoice>();
        var run = new SimulationRun(scenario, _options with { Seed = seed, Schedule = null });
        engine = run.Engine;
        engine.OnChoice = choice =>
        {
            if (choice.Skipped > 0)
                choices.Add(choice);
        };
        failure = run.Execute();
        return choices;
    }

    // Many races need but one choice: those schedules are so few that all can be tried.
    private List<ScheduledChoice>? AtMostOne(ulong seed, string kind)
    {
        const int MostSkipped = 4;
        if (StillFails(seed, [], kind))
            return [];
        int choices = CountChoices(seed);
        for (int skipped = 1; skipped <= MostSkipped; skipped++)
        {
            for (int number = 0; number < choices && _runs < options.ShrinkLimit / 2; number++)
            {
                List<ScheduledChoice> candidate = [new(number, skipped)];
                if (StillFails(seed, candidate, kind))
                    return candidate;
            }
        }
        return null;
    }

    private int CountChoices(ulong seed)
    {
        int choices = 0;
        var run = new SimulationRun(scenario, _options with { Schedule = new Schedule(seed, []) });
        run.Engine.OnChoice = _ => choices++;
        run.Execute();
        return choices;
    }

    // Ever smaller pieces, until not one choice can be spared.
    private List<ScheduledChoice> RemoveAll(ulong seed, List<ScheduledChoice> choices, string kind)
    {
        int size = Math.Max(1, choices.Count / 2);
        while (choices.Count > 0)
        {
            bool isShorter = false;
            // From the end: what comes later does not move what comes before.
            for (int end = choices.Count; end > 0; end -= size)
            {
                int start = Math.Max(0, end - size);
                if (Without(seed, choices, start, end, kind) is not { } shorter)
                    continue;
                choices = shorter;
                isShorter = true;
            }
            if (size == 1 && !isShorter)
                break;
            size = Math.Max(1, size / 2);
        }
        return choices;
    }

    // Without a choice the run may have a few more or fewer before the next: the rest is tried a little earlier and later, too.
    private List<ScheduledChoice>? Without(ulong seed, List<ScheduledChoice> choices, int start, int end, string kind)
    {
        const int Farthest = 8;
        List<ScheduledChoice> kept = choices[..start];
        List<ScheduledChoice> moved = choices[end..];
        for (int step = 0; step <= (moved.Count == 0 || end - start > 1 ? 0 : 2 * Farthest); step++)
        {
            int shift = (step & 1) == 0 ? step / 2 : -(step + 1) / 2;
            if (moved.Count > 0 && moved[0].Number + shift <= (kept.Count == 0 ? -1 : kept[^1].Number))
                continue;
            List<ScheduledChoice> candidate = [.. kept, .. moved.Select(choice => choice with { Number = choice.Number + shift })];
            if (StillFails(seed, candidate, kind))
                return candidate;
        }
        return null;
    }

    private List<ScheduledChoice> LowerAll(ulong seed, List<ScheduledChoice> choices, string kind)
    {
        for (int i = 0; i < choices.Count; i++)
        {
            for (int skipped = 1; skipped < choices[i].Skipped; skipped++)
            {
                List<ScheduledChoice> candidate = [.. choices[..i], choices[i] with { Skipped = skipped }, .. choices[(i + 1)..]];
                if (!StillFails(seed, candidate, kind))
                    continue;
                choices = candidate;
                break;
            }
        }
        return choices;
    }

    private bool StillFails(ulong seed, List<ScheduledChoice> candidate, string kind) =>
        _runs++ < options.ShrinkLimit && Fails(new Schedule(seed, candidate)) is { } failure && Kind(failure) == kind;

    private Exception? Fails(Schedule schedule) => new SimulationRun(scenario, _options with { Schedule = schedule }).Execute();

    private ExplorationFailure Tell(Schedule schedule, int choicesBefore)
    {
        var story = new Story();
        Exception failure = new SimulationRun(scenario, _options with { Schedule = schedule }) { Story = story }.Execute()
            ?? throw new InvalidOperationException($"The shrunk schedule '{schedule}' does not fail any more: the scenario depends on more than the seed.");
        return new ExplorationFailure(schedule.Seed, failure, schedule, choicesBefore, story.ToString());
    }
}
