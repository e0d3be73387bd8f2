using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>
/// What the engine remembers of one OS thread: one look-up in thread-local storage for all of it. Touched by that thread alone.
/// </summary>
internal sealed class OsThread
{
    private const int Unknown = 0;
    private const int Ordinary = 1;
    private const int RealTime = 2;

    [ThreadStatic]
    private static OsThread? s_current;

    private int _policy;

    private OsThread() => Id = Linux.IsSupported ? Linux.GetTid() : Environment.CurrentManagedThreadId;

    /// <summary>The calling thread; what is remembered of it is made at the first use.</summary>
    internal static OsThread Current => s_current ?? Remember();

    /// <summary>The lane whose turns the calling thread runs, or null.</summary>
    internal static Lane? CurrentLane => s_current?.Lane;

    /// <summary>A number that no other living thread of this process has; on Linux its tid, as a futex wants it.</summary>
    internal int Id { get; }

    /// <summary>The lane whose turns it runs, or null.</summary>
    internal Lane? Lane { get; set; }

    /// <summary>Whether it is known to run under SCHED_FIFO or SCHED_RR.</summary>
    internal bool IsKnownRealTime => _policy == RealTime;

    /// <summary>Whether it runs under SCHED_FIFO or SCHED_RR; the system is asked once per thread.</summary>
    internal bool IsRealTime
    {
        get
        {
            if (_policy == Unknown)
                _policy = Linux.IsSupported && Linux.IsRealTime() ? RealTime : Ordinary;
            return _policy == RealTime;
        }
    }

    /// <summary>Puts the calling thread under SCHED_FIFO, where that is permitted.</summary>
    /// <returns>Whether it was.</returns>
    internal static bool TryBecomeRealTime(int priority)
    {
        bool granted = Linux.IsSupported && Linux.TrySetFifo(priority);
        Current._policy = granted ? RealTime : Unknown;
        return granted;
    }

    /// <summary>Pins the calling thread, where that is permitted.</summary>
    /// <returns>Whether it was.</returns>
    internal static bool TryPin(int cpu) => Linux.IsSupported && Linux.TryPin(cpu);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OsThread Remember() => s_current = new OsThread();
}
