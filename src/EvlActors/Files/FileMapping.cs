using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>mmap(2) in the VFS, on the file's side.</summary>
internal static class FileMapping
{
    private const long MaxBytes = 1L << 47;

    /// <summary>Checks an mmap; null: the driver's handler goes on.</summary>
    internal static SysResult? Begin(Call call, in FileStatus status, FileOperations operations)
    {
        var mapping = (EvlMapping)call.Object!; // an mmap brings the mapping that it fills
        if (mapping.Length == 0)
            return Errno.EINVAL;
        if (mapping.Length is < 0 or > MaxBytes)
            return Errno.ENOMEM;
        if (mapping.Offset > long.MaxValue - mapping.Length)
            return Errno.EOVERFLOW;
        if ((mapping.Flags & (MapFlags.Shared | MapFlags.Private)) == 0)
            return Errno.EINVAL;
        bool isWrittenBack = (mapping.Flags & MapFlags.Shared) != 0 && (mapping.Protection & MapProtection.Write) != 0;
        if ((isWrittenBack && !status.CanWrite) || !status.CanRead)
            return Errno.EACCES;
        call.Operation = FileOperation.Mmap;
        return operations.Has(FileOperation.Mmap) ? null : Errno.ENODEV;
    }
}
