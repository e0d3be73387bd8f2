using EvlActors;

namespace Latmus;

/// <summary>The driver's commands, type 'L'. TUNE, MEASURE and RESET are in-band, RUN and PULSE out-of-band.</summary>
internal static class LatmusIoctl
{
    private const char Type = 'L';
    private const int ResultSize = 16;

    /// <summary>_IOWR(0, setup): makes a runner that tunes.</summary>
    public static readonly IoctlCommand Tune = IoctlCommand.Encode(IoctlDirection.ReadWrite, Type, 0, LatmusSetup.Size);

    /// <summary>_IOWR(1, setup): makes a runner that measures.</summary>
    public static readonly IoctlCommand Measure = IoctlCommand.Encode(IoctlDirection.ReadWrite, Type, 1, LatmusSetup.Size);

    /// <summary>
    /// _IOR(2, result): runs until interrupted. The size in the number is that of the kernel's {u64 pointer, u32 length};
    /// here the argument is the result itself, as <see cref="LatmusResult"/> and <see cref="TuningResult"/> lay it out.
    /// </summary>
    public static readonly IoctlCommand Run = IoctlCommand.Encode(IoctlDirection.Read, Type, 2, ResultSize);

    /// <summary>_IOW(3, u64): gives the time of the last wake-up in ns (0: none) and waits for the next shot.</summary>
    public static readonly IoctlCommand Pulse = IoctlCommand.Iow<ulong>(Type, 3);

    /// <summary>_IO(4): resets the clock's gravity.</summary>
    public static readonly IoctlCommand Reset = IoctlCommand.Io(Type, 4);
}
