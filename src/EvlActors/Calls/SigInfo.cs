namespace EvlActors;

/// <summary>What a signal carries. Counterpart of <c>siginfo_t</c>.</summary>
/// <param name="Number">The signal.</param>
/// <param name="Code">Where it comes from; for SIGIO the POLL_* code of what happened, for SIGCHLD how the child ended.</param>
public readonly record struct SigInfo(Signal Number, SigCode Code)
{
    private const long DebugMarker = 0xfccf0000;
    private const long DebugMarkerMask = 0xffff0000;
    private const int CldExited = 1;
    private const int CldKilled = 2;

    /// <summary>The sending process, of SIGCHLD the child; or 0.</summary>
    public int Pid { get; init; }

    /// <summary>The real user id of that process.</summary>
    public int Uid { get; init; }

    /// <summary>Of SIGCHLD: the child's exit status, or the number of the signal that ended it.</summary>
    public int Status { get; init; }

    /// <summary>The descriptor of a SIGIO.</summary>
    public int Fd { get; init; }

    /// <summary>The poll mask of a SIGIO.</summary>
    public long Band { get; init; }

    /// <summary>The value that sigqueue(3) passes.</summary>
    public long Value { get; init; }

    /// <summary>Why EVL sent this SIGDEBUG; null if it is none of EVL's: its value carries no mark.</summary>
    public SwitchCause? SwitchCause =>
        Number == Signal.SIGDEBUG && Code == SigCode.Queue && (Value & DebugMarkerMask) == DebugMarker
            ? (SwitchCause)(Value & 0xff)
            : null;

    internal static SigInfo Child(int pid, int uid, WaitStatus status) =>
        new(Signal.SIGCHLD, (SigCode)(status.IsExited ? CldExited : CldKilled))
        {
            Pid = pid, Uid = uid, Status = status.IsExited ? status.ExitStatus : status.Signal,
        };

    internal static SigInfo Debug(SwitchCause cause) =>
        new(Signal.SIGDEBUG, SigCode.Queue) { Value = DebugMarker | (long)cause };
}
