using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What is said of a call's arguments before any descriptor is looked at.</summary>
internal static class FdArguments
{
    internal static Errno Check(Call call)
    {
        switch (call.Nr)
        {
            case SyscallNumber.Dup3:
                bool isWrong = ((OpenFlags)call.Argument2 & ~OpenFlags.CloseOnExec) != 0 || call.Argument == call.Fd;
                return isWrong ? Errno.EINVAL : Errno.None;
            case SyscallNumber.CloseRange:
                const CloseRangeFlags known = CloseRangeFlags.Unshare | CloseRangeFlags.CloseOnExec;
                bool isRange = call.Argument >= 0 && call.Argument <= call.Argument2;
                return isRange && ((CloseRangeFlags)call.Argument3 & ~known) == 0 ? Errno.None : Errno.EINVAL;
            case SyscallNumber.Pread or SyscallNumber.Pwrite:
                return call.Argument < 0 ? Errno.EINVAL : Errno.None;
            case SyscallNumber.Mmap:
                return (((EvlMapping)call.Object!).Offset & (EvlMapping.PageBytes - 1)) != 0 ? Errno.EINVAL : Errno.None; // brings it
            default:
                return Errno.None;
        }
    }
}
