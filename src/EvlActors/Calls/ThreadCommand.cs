namespace EvlActors.Calls;

/// <summary>
/// The requests that an EVL thread's element takes by ioctl and oob_ioctl. The values are EVL's EVL_THRIOC_*; the last two, which EVL
/// has for kernel threads only, are ours.
/// </summary>
internal static class ThreadCommand
{
    internal const uint GetState = 0x80305404;
    internal const uint SwitchOob = 0x5405;
    internal const uint SwitchInband = 0x5406;
    internal const uint SetMode = 0xc0045408;
    internal const uint ClearMode = 0xc0045409;
    internal const uint Unblock = 0x540a;
    internal const uint Demote = 0x540b;
    internal const uint SetPeriod = 0x40205410;
    internal const uint WaitPeriod = 0x80085411;
}
