namespace Latmus;

/// <summary>
/// The driver's commands, type 'L', numbered as _IOC does: direction (WRITE 1, READ 2) at bit 30, size at 16, type at 8.
/// TUNE, MEASURE and RESET are in-band, RUN and PULSE out-of-band.
/// </summary>
internal static class LatmusIoctl
{
    /// <summary>_IOWR(0, setup): makes a runner that tunes.</summary>
    public const uint Tune = Read | Write | (LatmusSetup.Size << 16) | Type | 0;

    /// <summary>_IOWR(1, setup): makes a runner that measures.</summary>
    public const uint Measure = Read | Write | (LatmusSetup.Size << 16) | Type | 1;

    /// <summary>
    /// _IOR(2, result): runs until interrupted. The size in the number is that of the kernel's {u64 pointer, u32 length};
    /// here the argument is the result itself, as <see cref="LatmusResult"/> and <see cref="TuningResult"/> lay it out.
    /// </summary>
    public const uint Run = Read | (16 << 16) | Type | 2;

    /// <summary>_IOW(3, u64): gives the time of the last wake-up in ns (0: none) and waits for the next shot.</summary>
    public const uint Pulse = Write | (sizeof(ulong) << 16) | Type | 3;

    /// <summary>_IO(4): resets the clock's gravity.</summary>
    public const uint Reset = Type | 4;

    private const uint Write = 1u << 30;
    private const uint Read = 2u << 30;
    private const uint Type = 'L' << 8;
}
