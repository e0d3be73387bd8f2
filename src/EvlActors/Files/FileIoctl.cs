using System.Buffers.Binary;
using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>ioctl(2) in the VFS: the commands of a description are treated here, before the driver is asked.</summary>
internal static class FileIoctl
{
    /// <summary>Whether the VFS itself reads the argument of a command.</summary>
    internal static bool ReadsArgument(Call call) => (uint)call.Argument is VfsIoctl.Fionbio or VfsIoctl.Fioasync;

    /// <summary>Treats a command of the VFS, or finds the driver's handler; null: a handler goes on.</summary>
    internal static SysResult? Begin(Call call, ref FileStatus status, FileOperations operations)
    {
        switch ((uint)call.Argument)
        {
            case VfsIoctl.Fionbio:
                if (!TryRead(call.Buffer, out bool nonBlocking))
                    return Errno.EFAULT;
                status.Flags = nonBlocking ? status.Flags | OpenFlags.NonBlock : status.Flags & ~OpenFlags.NonBlock;
                return 0;
            case VfsIoctl.Fioasync:
                if (!TryRead(call.Buffer, out bool on))
                    return Errno.EFAULT;
                if (on == status.IsAsync)
                    return 0;
                FileStatus.BeginAsync(call, on, call.Fd);
                return operations.Has(FileOperation.Fasync) ? null : Errno.ENOTTY;
            case VfsIoctl.Fioqsize:
                return Errno.ENOTTY;
            default:
                // A compat caller's command has the compat handler only.
                call.Operation = call.Thread.Process.Is32Bit ? FileOperation.CompatIoctl : FileOperation.Ioctl;
                return operations.Has(call.Operation) ? null : Errno.ENOTTY;
        }
    }

    private static bool TryRead(UserBuffer argument, out bool value)
    {
        value = false;
        if (argument.Accessible(0, sizeof(int)) < sizeof(int))
            return false;
        value = BinaryPrimitives.ReadInt32LittleEndian(argument.Bytes) != 0;
        return true;
    }
}
