using System.Diagnostics;

namespace EvlActors.Benchmarks;

/// <summary>Times loops and takes medians.</summary>
internal static class Measure
{
    /// <summary>Nanoseconds a round, one sample.</summary>
    public static double Nanoseconds(int rounds, Action round)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
            round();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / rounds;
    }

    /// <summary>Interleaves the samples of several loops, so that what disturbs the computer disturbs all of them.</summary>
    public static double[] Medians(int samples, int rounds, params Action[] loops)
    {
        var taken = new double[loops.Length][];
        for (int loop = 0; loop < loops.Length; loop++)
            taken[loop] = new double[samples];
        WarmUp(rounds, loops);
        for (int sample = 0; sample < samples; sample++)
        {
            for (int loop = 0; loop < loops.Length; loop++)
                taken[loop][sample] = Nanoseconds(rounds, loops[loop]);
        }
        return [.. taken.Select(Median)];
    }

    /// <summary>Bytes that the calling thread allocates in a loop.</summary>
    public static long Allocated(int rounds, Action round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
            round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The JIT optimizes what ran often, on a thread of its own that a SCHED_FIFO thread keeps off the CPU: give it pauses.
    private static void WarmUp(int rounds, Action[] loops)
    {
        for (int pause = 0; pause < 10; pause++)
        {
            foreach (Action loop in loops)
                Nanoseconds(rounds, loop);
            Thread.Sleep(250);
        }
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
