using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>The VFS's side of read, write, pread, pwrite, readv and writev: their checks, in order, and the parts of a vector.</summary>
internal static class Transfers
{
    private const long MaxRwCount = 0x7ffff000;
    private const int MaxParts = 1024;

    /// <summary>Prepares a plain read or write of which <see cref="Begin"/> would refuse and change nothing; false: it is no such call.</summary>
    internal static bool TryBegin(Call call, in FileStatus status, FileOperations operations)
    {
        bool isRead = call.Nr == SyscallNumber.Read;
        FileOperation operation = isRead ? FileOperation.Read : FileOperation.Write;
        if (!(isRead ? status.CanRead : call.Nr == SyscallNumber.Write && status.CanWrite) || !operations.Has(operation)
            || (ulong)call.Buffer.Count > MaxRwCount || call.Buffer.Behaviour is not null || !Fits(call, in status, call.Buffer.Count))
            return false;
        call.Operation = operation;
        return true;
    }

    /// <summary>Checks a transfer and prepares it; null: the driver's handler goes on.</summary>
    internal static SysResult? Begin(Call call, in FileStatus status, FileOperations operations)
    {
        bool isRead = call.Nr is SyscallNumber.Read or SyscallNumber.Pread or SyscallNumber.Readv;
        bool isVector = call.Nr is SyscallNumber.Readv or SyscallNumber.Writev;
        // A vector is taken in before the file is looked at.
        if (isVector && call.Object is not UserBuffer[])
            return Errno.EFAULT;
        if (isVector && !IsWellFormed((UserBuffer[])call.Object!)) // it names its parts
            return Errno.EINVAL;
        if (isVector && !Array.TrueForAll((UserBuffer[])call.Object!, static part => part.IsInUserSpace))
            return Errno.EFAULT;
        if (call.Nr is SyscallNumber.Pread or SyscallNumber.Pwrite && !status.IsPositioned)
            return Errno.ESPIPE;
        if (!(isRead ? status.CanRead : status.CanWrite))
            return Errno.EBADF;
        call.Operation = isRead ? FileOperation.Read : FileOperation.Write;
        if (!operations.Has(call.Operation))
            return Errno.EINVAL;
        if (isVector)
        {
            if (!Fits(call, in status, CountOf((UserBuffer[])call.Object!)))
                return Errno.EINVAL;
            call.Argument = -1;
            call.Argument2 = 0;
            return PrepareNext(call) ? null : 0;
        }
        // As unsigned, a negative count reaches beyond user space: the range test fails first.
        if (call.Buffer.Count < 0 || !call.Buffer.IsInUserSpace)
            return Errno.EFAULT;
        if (!Fits(call, in status, call.Buffer.Count))
            return Errno.EINVAL;
        if (call.Buffer.Count > MaxRwCount)
            call.Buffer = call.Buffer.WithCount(MaxRwCount);
        return null;
    }

    private static long CountOf(UserBuffer[] parts)
    {
        long count = 0;
        foreach (UserBuffer part in parts)
            count = Math.Min(count, long.MaxValue - part.Count) + part.Count;
        return count;
    }

    // rw_verify_area: no byte is beyond the last position. A stream has no positions.
    private static bool Fits(Call call, in FileStatus status, long count)
    {
        long position = call.Nr is SyscallNumber.Pread or SyscallNumber.Pwrite ? call.Argument : status.Position;
        return (status.Modes & FileModes.Stream) != 0 || position <= long.MaxValue - count;
    }

    /// <summary>A part is back from the driver; true: the next one was prepared. A short or failed part is the last.</summary>
    internal static bool GoesOn(Call call)
    {
        if (call.Nr is not (SyscallNumber.Readv or SyscallNumber.Writev))
            return false;
        if (call.Result.IsError)
        {
            // What a handler that failed did to the position does not count.
            call.Position = call.Argument3;
            return false;
        }
        call.Argument3 = call.Position;
        call.Argument2 += call.Result.Value;
        return call.Result.Value == call.Buffer.Count && PrepareNext(call);
    }

    /// <summary>The result of the whole transfer: an error counts if nothing was transferred before it.</summary>
    internal static SysResult End(Call call) =>
        call.Nr is not (SyscallNumber.Readv or SyscallNumber.Writev) || (call.Result.IsError && call.Argument2 == 0)
            ? call.Result
            : call.Argument2;

    private static bool IsWellFormed(UserBuffer[] parts)
    {
        if (parts.Length > MaxParts)
            return false;
        foreach (UserBuffer part in parts)
        {
            if (part.Count < 0)
                return false;
        }
        return true;
    }

    // Argument is the part, Argument2 the bytes transferred by those before it. Empty parts are nobody's work.
    private static bool PrepareNext(Call call)
    {
        var parts = (UserBuffer[])call.Object!; // checked when the call began
        long left = MaxRwCount - call.Argument2;
        for (int i = (int)call.Argument + 1; i < parts.Length && left > 0; i++)
        {
            if (parts[i].Count == 0)
                continue;
            call.Argument = i;
            call.Buffer = parts[i].WithCount(Math.Min(parts[i].Count, left));
            return true;
        }
        return false;
    }
}
