namespace EvlActors.Engine;

/// <summary>What the engine remembers of the calling OS thread.</summary>
internal static class OsThread
{
    private const int Unknown = 0;
    private const int Ordinary = 1;
    private const int RealTime = 2;

    [ThreadStatic]
    private static int s_id;

    [ThreadStatic]
    private static int s_policy;

    /// <summary>A number that no other living thread of this process has; on Linux its tid, as a futex wants it.</summary>
    internal static int Id => s_id != 0 ? s_id : s_id = Linux.IsSupported ? Linux.GetTid() : Environment.CurrentManagedThreadId;

    /// <summary>Whether the calling thread is known to run under SCHED_FIFO or SCHED_RR.</summary>
    internal static bool IsKnownRealTime => s_policy == RealTime;

    /// <summary>Whether the calling thread runs under SCHED_FIFO or SCHED_RR; the system is asked once per thread.</summary>
    internal static bool IsRealTime
    {
        get
        {
            if (s_policy == Unknown)
                s_policy = Linux.IsSupported && Linux.IsRealTime() ? RealTime : Ordinary;
            return s_policy == RealTime;
        }
    }

    /// <summary>Puts the calling thread under SCHED_FIFO, where that is permitted.</summary>
    /// <returns>Whether it was.</returns>
    internal static bool TryBecomeRealTime(int priority)
    {
        bool granted = Linux.IsSupported && Linux.TrySetFifo(priority);
        s_policy = granted ? RealTime : Unknown;
        return granted;
    }

    /// <summary>Pins the calling thread, where that is permitted.</summary>
    /// <returns>Whether it was.</returns>
    internal static bool TryPin(int cpu) => Linux.IsSupported && Linux.TryPin(cpu);
}
