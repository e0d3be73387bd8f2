using System.Diagnostics;

namespace EvlActors.TestKit;

/// <summary>Looks for the lowest seed that fails: workers take seeds in batches, in order, as long as none below has failed.</summary>
internal sealed class SeedSearch(Func<SimulationScenario, Task> scenario, long seeds, ExplorationOptions options)
{
    private const int BatchSize = 64;

    private readonly object _gate = new();
    private long _next;
    private long _ended;
    private long _failed = long.MaxValue;
    private Exception? _broken;

    /// <summary>The lowest seed that failed, or null; when the search has ended.</summary>
    internal ulong? FailedSeed => _failed < long.MaxValue ? options.FirstSeed + (ulong)_failed : null;

    internal ExplorationProgress Run()
    {
        long start = Stopwatch.GetTimestamp();
        var workers = new Thread[(int)Math.Min(options.Workers, (seeds + BatchSize - 1) / BatchSize)];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"explorer {i}" };
            workers[i].Start();
        }
        foreach (Thread worker in workers)
        {
            while (!worker.Join(options.ProgressInterval))
                options.Progress?.Report(Progress(start));
        }
        if (_broken is { } broken)
            throw new InvalidOperationException("A worker of the exploration failed.", broken);
        return Progress(start);
    }

    private ExplorationProgress Progress(long start) =>
        new(Interlocked.Read(ref _ended), seeds, Stopwatch.GetElapsedTime(start));

    private void Work()
    {
        SimulationOptions simulation = options.Simulation with { Schedule = null, EventLog = null };
        try
        {
            for (long batch; (batch = Interlocked.Add(ref _next, BatchSize) - BatchSize) < seeds;)
            {
                long end = Math.Min(batch + BatchSize, seeds);
                for (long seed = batch; seed < end && seed < Volatile.Read(ref _failed); seed++)
                {
                    var run = new SimulationRun(scenario, simulation, options.FirstSeed + (ulong)seed);
                    if (run.Execute() is not null || !run.Engine.IsRepeatable)
                        Failed(seed);
                    Interlocked.Increment(ref _ended);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
                _broken ??= e;
        }
    }

    private void Failed(long seed)
    {
        lock (_gate)
            _failed = Math.Min(_failed, seed);
    }
}
