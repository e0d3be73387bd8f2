namespace EvlActors;

/// <summary>One thing that happened in a machine: a value, safe to keep.</summary>
/// <param name="Sequence">Its place in the order of the stream, from 1.</param>
/// <param name="TimeNs">When, in nanoseconds of the machine's monotonic clock.</param>
/// <param name="Kind">What.</param>
/// <param name="Pid">The process, or 0.</param>
/// <param name="Tid">The thread; negative: the machine itself, on behalf of the process; or 0.</param>
/// <param name="Call">The number of the call within its thread, or 0.</param>
/// <param name="Nr">The system call; meaningful if <paramref name="Call"/> isn't 0.</param>
/// <param name="Fd">The descriptor, or -1.</param>
/// <param name="File">The open file's id, or 0.</param>
/// <param name="Count">A count; what of, the kind says.</param>
/// <param name="Result">A result; what of, the kind says.</param>
/// <param name="Detail">More, in words, or null.</param>
public readonly record struct MachineEvent(
    long Sequence,
    long TimeNs,
    MachineEventKind Kind,
    int Pid,
    int Tid,
    long Call,
    SyscallNumber Nr,
    int Fd,
    long File,
    long Count,
    SysResult Result,
    string? Detail)
{
    /// <summary>The half that the call belongs to: out-of-band for oob_read, oob_write, oob_ioctl and EVL's sleeps; meaningful if
    /// <see cref="Call"/> isn't 0.</summary>
    public Stage CallStage => Nr is >= SyscallNumber.UndefinedOob and <= SyscallNumber.EvlSleep ? Stage.Oob : Stage.InBand;
}
