using System.Diagnostics;

namespace EvlActors.Benchmarks;

/// <summary>Times loops and takes medians.</summary>
internal static class Measure
{
    private const int WarmUps = 10;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_runIn = TimeSpan.FromMilliseconds(500);

    // On a shared computer others take their part of the CPU's core, its caches and its memory, for seconds at a time: the median is to be
    // that of more than one such moment.
    private static readonly TimeSpan s_atLeast = TimeSpan.FromSeconds(8);

    /// <summary>Nanoseconds a round, one sample.</summary>
    public static double Nanoseconds(int rounds, Action round)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
            round();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / rounds;
    }

    /// <summary>Interleaves the samples of several loops, as many as asked for or more, so that what disturbs the computer disturbs all of them.</summary>
    public static double[] Medians(int samples, int rounds, params Action[] loops) =>
        [.. Samples(samples, [.. loops.Select(loop => new Func<double>(() => Nanoseconds(rounds, loop)))]).Select(Median)];

    /// <summary>Two things whose samples alternate, a sample being what its function returns.</summary>
    public static Comparison Compare(int samples, Func<double> measured, Func<double> yardstick)
    {
        double[][] taken = Samples(samples, measured, yardstick);
        return new Comparison(Median(taken[0]), Median(taken[1]), Median([.. taken[0].Zip(taken[1], (a, b) => a / b)]));
    }

    /// <summary>Two loops whose samples alternate, in nanoseconds a round.</summary>
    public static Comparison Compare(int samples, int rounds, Action measured, Action yardstick) =>
        Compare(samples, () => Nanoseconds(rounds, measured), () => Nanoseconds(rounds, yardstick));

    /// <summary>The median sample of a loop, in nanoseconds a round.</summary>
    public static double Loop(int samples, int rounds, Action loop) => Medians(samples, rounds, loop)[0];

    /// <summary>The median of what a function returns.</summary>
    public static double Typical(int samples, Func<double> source) => Median(Samples(samples, source)[0]);

    /// <summary>Bytes that the calling thread allocates in a loop.</summary>
    public static long Allocated(int rounds, Action round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
            round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Lets the JIT optimize what runs often: on a thread of its own that a SCHED_FIFO thread keeps off the CPU, so with pauses.</summary>
    public static void WarmUp(params Func<double>[] sources)
    {
        for (int warmUp = 0; warmUp < WarmUps; warmUp++)
        {
            foreach (Func<double> source in sources)
                source();
            Thread.Sleep(s_pause);
        }
    }

    private static double[][] Samples(int samples, params Func<double>[] sources)
    {
        WarmUp(sources);
        // After a pause the CPU takes a while until it runs as fast as it does under work.
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < s_runIn;)
        {
            foreach (Func<double> source in sources)
                source();
        }
        List<double>[] taken = [.. sources.Select(_ => new List<double>())];
        for (long began = Stopwatch.GetTimestamp(); taken[0].Count < samples || Stopwatch.GetElapsedTime(began) < s_atLeast;)
        {
            for (int i = 0; i < sources.Length; i++)
                taken[i].Add(sources[i]());
        }
        return [.. taken.Select(list => list.ToArray())];
    }
}
