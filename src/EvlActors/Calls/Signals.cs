namespace EvlActors.Calls;

/// <summary>What holds for signals by their number.</summary>
internal static class Signals
{
    /// <summary>Those that no mask holds back.</summary>
    internal const ulong Unblockable = (1ul << ((int)Signal.SIGKILL - 1)) | (1ul << ((int)Signal.SIGSTOP - 1));

    /// <summary>Whether it can be sent; 32 and 33 belong to the thread library and are refused.</summary>
    internal static bool IsValid(this Signal signal) =>
        signal is (> Signal.None and <= Signal.SIGSYS) or (>= Signal.SIGRTMIN and <= Signal.SIGRTMAX);

    internal static bool IsRealTime(this Signal signal) => signal >= Signal.SIGRTMIN;

    /// <summary>Its bit in a 64-bit set.</summary>
    internal static ulong Bit(this Signal signal) => 1ul << ((int)signal - 1);

    /// <summary>Whether the default action ends the process; else it does nothing.</summary>
    internal static bool EndsByDefault(this Signal signal) => signal is not (Signal.SIGCHLD or Signal.SIGCONT or Signal.SIGURG
        or Signal.SIGWINCH or Signal.SIGSTOP or Signal.SIGTSTP or Signal.SIGTTIN or Signal.SIGTTOU);
}
