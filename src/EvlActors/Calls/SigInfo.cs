using EvlActors.Calls;

namespace EvlActors;

/// <summary>What a signal carries. Counterpart of <c>siginfo_t</c>.</summary>
/// <param name="Number">The signal.</param>
/// <param name="Code">Where it comes from; of a file's event the <see cref="EvlActors.PollCode"/>, for SIGCHLD how the child ended.</param>
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

    /// <summary>Of a file's event: the descriptor under which its notification was switched on, whatever that number is now.</summary>
    public int Fd { get; init; }

    /// <summary>Of a file's event: the poll mask that goes with it, <see cref="PollEvents"/>; 0: the signal tells of none, or plain
    /// SIGIO does.</summary>
    public long Band { get; init; }

    /// <summary>The value that sigqueue(3) passes.</summary>
    public long Value { get; init; }

    /// <summary>Why EVL sent this SIGDEBUG; null if it is none of EVL's: its value carries no mark.</summary>
    public SwitchCause? SwitchCause =>
        Number == Signal.SIGDEBUG && Code == SigCode.Queue && (Value & DebugMarkerMask) == DebugMarker
            ? (SwitchCause)(Value & 0xff)
            : null;

    /// <summary>The event of a file that the signal tells of; <see cref="EvlActors.PollCode.None"/>: the signal does not say.</summary>
    public PollCode PollCode => Band != 0 && ((PollCode)Code).IsValid() ? (PollCode)Code : PollCode.None;

    /// <summary>SIGIO for a file without F_SETSIG: it says that something happened, not what and where.</summary>
    internal static SigInfo PlainSigio { get; } = new(Signal.SIGIO, SigCode.Kernel);

    /// <summary>The signal that F_SETSIG chose for a file's events. One whose codes mean something else gets a code that says so.</summary>
    internal static SigInfo Poll(Signal signal, PollCode code, int fd)
    {
        bool hasOtherCodes = signal is Signal.SIGILL or Signal.SIGFPE or Signal.SIGSEGV or Signal.SIGBUS or Signal.SIGTRAP
            or Signal.SIGCHLD or Signal.SIGSYS;
        return new SigInfo(signal, hasOtherCodes ? SigCode.SigIo : (SigCode)code) { Fd = fd, Band = (long)code.Band() };
    }

    internal static SigInfo Child(int pid, int uid, WaitStatus status) =>
        new(Signal.SIGCHLD, (SigCode)(status.IsExited ? CldExited : CldKilled))
        {
            Pid = pid, Uid = uid, Status = status.IsExited ? status.ExitStatus : status.Signal,
        };

    internal static SigInfo Debug(SwitchCause cause) =>
        new(Signal.SIGDEBUG, SigCode.Queue) { Value = DebugMarker | (long)cause };
}
