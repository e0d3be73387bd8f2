using System.Runtime.InteropServices;

namespace EvlActors.Engine;

/// <summary>The system calls that the engine needs beyond the base library. Used where <see cref="IsSupported"/> says so.</summary>
internal static unsafe partial class Linux
{
    private const int FutexWaitBitset = 9;
    private const int FutexWake = 1;
    private const int FutexLockPi = 6;
    private const int FutexUnlockPi = 7;
    private const int FutexPrivate = 128;
    private const int SchedFifo = 1;
    private const int SchedRoundRobin = 2;

    // Threads that a real-time thread happens to create (the thread pool's, for one) must not become real-time themselves.
    private const int SchedResetOnFork = 0x40000000;

    // Lock what is touched, when it is touched: the runtime reserves far more than it uses.
    private const int MclCurrentFutureOnFault = 1 | 2 | 4;

    private static readonly Numbers s_numbers = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => new(Futex: 202, GetTid: 186, SetScheduler: 144, GetScheduler: 145, SetAffinity: 203, MlockAll: 151),
        Architecture.Arm64 => new(Futex: 98, GetTid: 178, SetScheduler: 119, GetScheduler: 120, SetAffinity: 122, MlockAll: 230),
        _ => default,
    };

    /// <summary>Whether this is Linux on an architecture whose system call numbers are known here.</summary>
    internal static bool IsSupported { get; } = OperatingSystem.IsLinux() && s_numbers.Futex != 0;

    internal static int GetTid() => (int)Syscall(s_numbers.GetTid, 0, 0, 0, 0, 0, 0);

    /// <summary>Sleeps while <paramref name="word"/> holds <paramref name="expected"/>; may return early for no reason.</summary>
    /// <param name="word">The word; does not move.</param>
    /// <param name="expected">The value to sleep on.</param>
    /// <param name="deadlineNs">A date of CLOCK_MONOTONIC, or <see cref="long.MaxValue"/>.</param>
    internal static void Wait(int* word, int expected, long deadlineNs)
    {
        if (deadlineNs == long.MaxValue)
        {
            _ = Syscall(s_numbers.Futex, (nint)word, FutexWaitBitset | FutexPrivate, expected, 0, 0, -1);
            return;
        }
        (long seconds, long nanoseconds) = Math.DivRem(Math.Max(0, deadlineNs), 1_000_000_000);
        Timespec deadline = new() { Seconds = seconds, Nanoseconds = nanoseconds };
        _ = Syscall(s_numbers.Futex, (nint)word, FutexWaitBitset | FutexPrivate, expected, (nint)(&deadline), 0, -1);
    }

    internal static void Wake(int* word) => _ = Syscall(s_numbers.Futex, (nint)word, FutexWake | FutexPrivate, 1, 0, 0, 0);

    /// <summary>Blocks until the word is this thread's; its owner runs at this thread's priority meanwhile.</summary>
    /// <returns>False if it has to be tried again.</returns>
    internal static bool LockPi(int* word) => Syscall(s_numbers.Futex, (nint)word, FutexLockPi | FutexPrivate, 0, 0, 0, 0) == 0;

    internal static void UnlockPi(int* word) =>
        _ = Syscall(s_numbers.Futex, (nint)word, FutexUnlockPi | FutexPrivate, 0, 0, 0, 0);

    /// <summary>Puts the calling thread under SCHED_FIFO.</summary>
    /// <returns>Whether that was permitted.</returns>
    internal static bool TrySetFifo(int priority) =>
        Syscall(s_numbers.SetScheduler, 0, SchedFifo | SchedResetOnFork, (nint)(&priority), 0, 0, 0) == 0;

    /// <summary>Whether the calling thread runs under SCHED_FIFO or SCHED_RR.</summary>
    internal static bool IsRealTime()
    {
        nint policy = Syscall(s_numbers.GetScheduler, 0, 0, 0, 0, 0, 0);
        return policy >= 0 && (policy & ~SchedResetOnFork) is SchedFifo or SchedRoundRobin;
    }

    /// <summary>Pins the calling thread to one CPU.</summary>
    /// <returns>Whether that was permitted and the CPU exists.</returns>
    internal static bool TryPin(int cpu)
    {
        const int MaskWords = 16;
        if ((uint)cpu >= MaskWords * 64)
            return false;
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        return Syscall(s_numbers.SetAffinity, 0, MaskWords * sizeof(ulong), (nint)mask, 0, 0, 0) == 0;
    }

    /// <summary>Keeps the process's memory from being paged out.</summary>
    /// <returns>Whether that was permitted.</returns>
    internal static bool TryLockMemory() => Syscall(s_numbers.MlockAll, MclCurrentFutureOnFault, 0, 0, 0, 0, 0) == 0;

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    private readonly record struct Numbers(int Futex, int GetTid, int SetScheduler, int GetScheduler, int SetAffinity, int MlockAll);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
