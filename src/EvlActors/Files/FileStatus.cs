using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>What all descriptors of an open file share: status flags, what the driver's open said, and the position.</summary>
/// <remarks>A part of its open file, not an object: a call on one of many files has one less to fetch from memory.</remarks>
internal struct FileStatus(OpenFlags flags)
{
    private const OpenFlags Settable = OpenFlags.Append | OpenFlags.NonBlock | OpenFlags.Direct | OpenFlags.NoAccessTime;

    // O_ASYNC at open would arm nothing and could never be armed later: it is ignored, F_SETFL arms it.
    private const OpenFlags OfOpenOnly = OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoControllingTerminal | OpenFlags.Truncate
        | OpenFlags.Directory | OpenFlags.CloseOnExec | OpenFlags.Oob | OpenFlags.Async;

    internal OpenFlags Flags { get; set; } = flags & ~OfOpenOnly;

    internal FileModes Modes { get; set; }

    internal long Position { get; set; }

    internal readonly bool CanRead => (Flags & OpenFlags.AccessMode) is OpenFlags.ReadOnly or OpenFlags.ReadWrite;

    internal readonly bool CanWrite => (Flags & OpenFlags.AccessMode) is OpenFlags.WriteOnly or OpenFlags.ReadWrite;

    internal readonly bool IsSeekable => (Modes & (FileModes.NonSeekable | FileModes.Stream)) == 0;

    /// <summary>Whether pread and pwrite are possible at all.</summary>
    internal bool IsPositioned => IsSeekable && (Modes & FileModes.NotPositioned) == 0;

    /// <summary>fcntl of a description; null: the driver's fasync goes on.</summary>
    internal SysResult? Control(Call call, FileOperations operations)
    {
        if ((FcntlCommand)call.Argument == FcntlCommand.GetFl)
            return (long)Flags;
        if ((FcntlCommand)call.Argument != FcntlCommand.SetFl)
            return Errno.EINVAL;
        var asked = (OpenFlags)call.Argument2;
        if ((asked & OpenFlags.Direct) != 0 && (Modes & FileModes.DirectIo) == 0)
            return Errno.EINVAL;
        bool on = (asked & OpenFlags.Async) != 0;
        if (on != IsAsync && operations.Has(FileOperation.Fasync))
        {
            BeginAsync(call, on, call.Fd);
            return null;
        }
        Set(asked);
        return 0;
    }

    /// <summary>FASYNC: follows the lists of the driver, never what a caller asked for.</summary>
    internal bool IsAsync
    {
        readonly get => (Flags & OpenFlags.Async) != 0;
        set => Flags = value ? Flags | OpenFlags.Async : Flags & ~OpenFlags.Async;
    }

    /// <summary>Asks for the driver's fasync.</summary>
    internal static void BeginAsync(Call call, bool on, int fd)
    {
        call.Operation = FileOperation.Fasync;
        call.AsyncOn = on;
        call.AsyncFd = fd;
    }

    /// <summary>The driver's fasync is back: after an error no other flag changes; its positive values mean no more than 0.</summary>
    internal SysResult EndAsync(Call call)
    {
        if (call.Result.IsError)
            return call.Result;
        if (call.Nr == SyscallNumber.Fcntl)
            Set((OpenFlags)call.Argument2);
        return 0;
    }

    /// <summary>lseek; null: the driver's llseek goes on.</summary>
    internal SysResult? Seek(Call call, FileOperations operations)
    {
        if ((ulong)call.Argument2 > (ulong)Whence.Hole)
            return Errno.EINVAL;
        call.Operation = FileOperation.Llseek;
        return IsSeekable && operations.Has(FileOperation.Llseek) ? null : Errno.ESPIPE;
    }

    /// <summary>The driver's llseek is back.</summary>
    internal SysResult EndSeek(Call call)
    {
        if (call.Result.IsError)
            return call.Result;
        // A position that the driver did not touch is not written back over what a read moved meanwhile.
        if (call.Position != call.Argument3)
            Position = call.Position;
        return call.Thread.Process.Is32Bit && call.Result.Value > int.MaxValue ? Errno.EOVERFLOW : call.Result;
    }

    /// <summary>Stamps flags and position on a call that is passed to the driver.</summary>
    internal readonly void Stamp(Call call)
    {
        call.Flags = call.Mode switch
        {
            TransferMode.Waiting => Flags & ~OpenFlags.NonBlock,
            TransferMode.NotWaiting => Flags | OpenFlags.NonBlock,
            _ => Flags,
        };
        call.Position = (Modes & FileModes.Stream) != 0 ? 0
            : call.Nr is SyscallNumber.Pread or SyscallNumber.Pwrite ? call.Argument
            : Position;
        if (call.Nr == SyscallNumber.Lseek)
            call.Argument3 = call.Position;
    }

    /// <summary>A read or write has ended with a value: pread and pwrite, and files without position, move nothing.</summary>
    internal void Move(Call call)
    {
        if ((Modes & FileModes.Stream) == 0 && call.Nr is not (SyscallNumber.Pread or SyscallNumber.Pwrite))
            Position = call.Position;
    }

    private void Set(OpenFlags asked) => Flags = (Flags & ~Settable) | (asked & Settable);
}
