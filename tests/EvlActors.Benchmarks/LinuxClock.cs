using System.Runtime.InteropServices;

namespace EvlActors.Benchmarks;

/// <summary>The host's clocks, as a native program uses them.</summary>
internal static unsafe partial class LinuxClock
{
    private const int Monotonic = 1;
    private const int ProcessCpuTime = 2;
    private const int ThreadCpuTime = 3;
    private const int AbsoluteTime = 1;
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>CLOCK_MONOTONIC, in nanoseconds.</summary>
    public static long NowNs => Read(Monotonic);

    /// <summary>The CPU time of all threads of this process, in nanoseconds.</summary>
    public static long ProcessCpuNs => Read(ProcessCpuTime);

    /// <summary>The CPU time of the calling thread, in nanoseconds.</summary>
    public static long ThreadCpuNs => Read(ThreadCpuTime);

    /// <summary>clock_nanosleep until a date of <see cref="NowNs"/>.</summary>
    public static void SleepUntil(long dateNs)
    {
        var date = new Timespec { Seconds = dateNs / NsPerSecond, Nanoseconds = dateNs % NsPerSecond };
        while (ClockNanosleep(Monotonic, AbsoluteTime, &date, null) != 0)
        {
        }
    }

    private static long Read(int clock)
    {
        Timespec now;
        _ = ClockGettime(clock, &now);
        return (now.Seconds * NsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGettime(int clock, Timespec* now);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, Timespec* date, Timespec* rest);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
