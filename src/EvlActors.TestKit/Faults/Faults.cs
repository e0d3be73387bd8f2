using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>Holds scenarios against the faults that they can meet.</summary>
public static class Faults
{
    /// <summary>
    /// Runs a scenario once without faults, which counts the fault points that it meets, and then once for each of them, in which
    /// only that one fails. Blocks the calling thread. The scenario may give up with the errno of the fault
    /// (<see cref="EvlException"/>); when it has ended, well or not, all its processes are ended and what is left is counted.
    /// </summary>
    /// <param name="scenario">What is done with the machine, by asynchronous calls.</param>
    /// <param name="options">How it is run; null: the defaults.</param>
    /// <returns>What came of each.</returns>
    /// <exception cref="SimulationFailedException">The scenario fails without faults.</exception>
    /// <exception cref="SimulationStuckException">The scenario does not end without faults.</exception>
    public static FaultReport FailEach(Func<SimulationScenario, Task> scenario, FailEachOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        options ??= new FailEachOptions();
        var met = new List<(FaultPoint Point, string Where, string Thread)>();
        var undisturbed = new FaultRun(scenario, options);
        undisturbed.Execute(
            new Dictionary<FaultPoint, FaultState>(),
            at => met.Add((at.Point, FaultInjector.Place(at.Where, at.Call), at.Call?.Thread.Name ?? "-")));
        if (undisturbed.Failure is { } failure)
            throw failure;
        if (undisturbed.GaveUp is { } gaveUp)
            throw new SimulationFailedException(undisturbed.Seed, gaveUp);
        var trials = new List<FaultTrial>();
        var counts = new Dictionary<FaultPoint, long>();
        foreach ((FaultPoint point, string where, string thread) in met)
        {
            long nth = counts[point] = counts.GetValueOrDefault(point) + 1;
            if (options.Points?.Contains(point) == false)
                continue;
            var run = new FaultRun(scenario, options);
            var attributes = new FaultAttributes { FailNth = nth, Delay = options.Delay };
            run.Execute(new Dictionary<FaultPoint, FaultState> { [point] = new(attributes) });
            (FaultVerdict verdict, string detail) = run.Judge(undisturbed);
            trials.Add(new FaultTrial(point, nth, where, thread, run.Seen, verdict, detail));
        }
        return new FaultReport(undisturbed.Seed, trials);
    }
}
