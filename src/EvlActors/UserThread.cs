using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A user thread: the door through which an application makes system calls, one at a time. Each call is there twice: as
/// <c>...Async</c>, and blocking, for code on a thread of its own. A result is a <see cref="SysResult"/>; exceptions are for
/// misuse of the API itself.
/// </summary>
/// <remarks>
/// All calls answer ESRCH when the thread, its process or the machine has ended, EIO when the machine has failed. A call that
/// can sleep answers EINTR when it is unblocked, cancelled or interrupted by a signal whose handler does not restart it.
/// A signal's handler runs before the call that it interrupted returns (an asynchronous one: before its await goes on, so await
/// it), or at the beginning of the thread's next call; what it throws, that call throws. Cancelling a call unblocks it as
/// evl_unblock_thread does: EINTR, nothing consumed; a result that is already there wins.
/// </remarks>
public sealed class UserThread
{
    private readonly ThreadInfo _info;

    // Where the next call is made: a frame of its own for the code of each signal handler that runs.
    private CallFrame _frame;

    internal UserThread(EvlProcess process, ThreadInfo info)
    {
        Process = process;
        _info = info;
        _frame = new CallFrame(this, info);
        info.RunHandler = call => process.Machine.Engine.RunBody(() => _frame.RunForeignAsync(call));
    }

    /// <summary>The process that it belongs to.</summary>
    public EvlProcess Process { get; }

    /// <summary>Its number in the machine.</summary>
    public int Tid => _info.Tid;

    /// <summary>Its name in events and logs.</summary>
    public string Name => _info.Name;

    /// <summary>Its nominal policy.</summary>
    public SchedPolicy Policy => _info.Policy;

    /// <summary>Its nominal priority: 1 to 99 for FIFO and RR, else 0.</summary>
    public int Priority => _info.Priority;

    private Errno Refusal => Process.Machine.Refusal;

    /// <summary>Opens a device. open(2); in-band.</summary>
    /// <param name="path">The node, such as "/dev/latmus".</param>
    /// <param name="flags">Access mode and flags; O_RDWR by default.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The descriptor; EMFILE, ENFILE, ENAMETOOLONG, ENOTDIR, ENOENT, EACCES, EEXIST, EISDIR, ENXIO, EINVAL, ESTALE for an
    /// element that goes meanwhile, or the driver's errno.</returns>
    public ValueTask<SysResult> OpenAsync(string path, OpenFlags flags = OpenFlags.ReadWrite, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Submit(SyscallNumber.Open, -1, default, (long)flags, 0, 0, path, cancellation);
    }

    /// <summary><inheritdoc cref="OpenAsync" path="/summary"/> Blocks.</summary>
    /// <param name="path">The node, such as "/dev/latmus".</param>
    /// <param name="flags">Access mode and flags; O_RDWR by default.</param>
    /// <returns>As <see cref="OpenAsync"/>.</returns>
    public SysResult Open(string path, OpenFlags flags = OpenFlags.ReadWrite)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Block(SyscallNumber.Open, -1, default, (long)flags, 0, 0, path);
    }

    /// <summary>Closes a descriptor; the last of its file waits for the file's release. close(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="cancellation">Unblocks what the driver lets be unblocked.</param>
    /// <returns>0; EBADF; what the driver's flush says, although the descriptor is closed.</returns>
    public ValueTask<SysResult> CloseAsync(int fd, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Close, fd, default, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="CloseAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>As <see cref="CloseAsync"/>.</returns>
    public SysResult Close(int fd) => Block(SyscallNumber.Close, fd, default, 0, 0, 0, null);

    /// <summary>Reads. read(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes read, 0 at the end; EBADF, EINVAL, EFAULT, EAGAIN, EINTR, or the driver's errno.</returns>
    public ValueTask<SysResult> ReadAsync(int fd, UserBuffer buffer, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Read, fd, buffer, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="ReadAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <returns>As <see cref="ReadAsync"/>.</returns>
    public SysResult Read(int fd, UserBuffer buffer) => Block(SyscallNumber.Read, fd, buffer, 0, 0, 0, null);

    /// <summary>Writes. write(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is written.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes written; EBADF, EINVAL, EFAULT, EAGAIN, EINTR, or the driver's errno.</returns>
    public ValueTask<SysResult> WriteAsync(int fd, UserBuffer buffer, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Write, fd, buffer, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="WriteAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is written.</param>
    /// <returns>As <see cref="WriteAsync"/>.</returns>
    public SysResult Write(int fd, UserBuffer buffer) => Block(SyscallNumber.Write, fd, buffer, 0, 0, 0, null);

    /// <summary>A request to a driver, with a value as argument. ioctl(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>What the driver says; EBADF; ENOTTY if it has no such command.</returns>
    public ValueTask<SysResult> IoctlAsync(int fd, uint command, long argument = 0, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Ioctl, fd, default, command, argument, 0, null, cancellation);

    /// <summary>A request to a driver, with user memory as argument. ioctl(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The memory that the argument points to.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>What the driver says; EBADF; ENOTTY if it has no such command; EFAULT.</returns>
    public ValueTask<SysResult> IoctlAsync(int fd, uint command, UserBuffer argument, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Ioctl, fd, argument, command, 0, 0, null, cancellation);

    /// <summary>A request to a driver, with a value as argument. ioctl(2); in-band. Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The argument.</param>
    /// <returns>What the driver says; EBADF; ENOTTY if it has no such command.</returns>
    public SysResult Ioctl(int fd, uint command, long argument = 0) => Block(SyscallNumber.Ioctl, fd, default, command, argument, 0, null);

    /// <summary>A request to a driver, with user memory as argument. ioctl(2); in-band. Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The memory that the argument points to.</param>
    /// <returns>What the driver says; EBADF; ENOTTY if it has no such command; EFAULT.</returns>
    public SysResult Ioctl(int fd, uint command, UserBuffer argument) => Block(SyscallNumber.Ioctl, fd, argument, command, 0, 0, null);

    /// <summary>Duplicates a descriptor onto the lowest free number. dup(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>The new descriptor; EBADF, EMFILE.</returns>
    public ValueTask<SysResult> DupAsync(int fd) => Submit(SyscallNumber.Dup, fd, default, 0, 0, 0, null, default);

    /// <summary>Duplicates a descriptor onto a number, closing what was open there. dup2(2); in-band.</summary>
    /// <param name="oldFd">The descriptor.</param>
    /// <param name="newFd">The number.</param>
    /// <param name="cancellation">Unblocks what the driver of the replaced file lets be unblocked.</param>
    /// <returns>The number; EBADF, EBUSY.</returns>
    public ValueTask<SysResult> Dup2Async(int oldFd, int newFd, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Dup2, oldFd, default, newFd, 0, 0, null, cancellation);

    /// <summary>Works on a descriptor or its file. fcntl(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="argument">Its argument; 0 by default.</param>
    /// <returns>What the command returns; EBADF, EINVAL, EMFILE, ESRCH; EFAULT for one that takes a structure.</returns>
    public ValueTask<SysResult> FcntlAsync(int fd, FcntlCommand command, long argument = 0) =>
        Submit(SyscallNumber.Fcntl, fd, default, (long)command, argument, 0, null, default);

    /// <summary>Works on a file by a structure: F_SETOWN_EX, F_GETOWN_EX. fcntl(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="argument">The structure, <see cref="FileOwner"/>.</param>
    /// <returns>0; EBADF, EFAULT, EINVAL, ESRCH.</returns>
    public ValueTask<SysResult> FcntlAsync(int fd, FcntlCommand command, UserBuffer argument) =>
        Submit(SyscallNumber.Fcntl, fd, argument, (long)command, 0, 0, null, default);

    /// <summary>Names who is told of a file's events: F_SETOWN_EX. fcntl(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command"><see cref="FcntlCommand.SetOwnEx"/>.</param>
    /// <param name="owner">The owner.</param>
    /// <returns>0; EBADF, EINVAL, ESRCH.</returns>
    public ValueTask<SysResult> FcntlAsync(int fd, FcntlCommand command, FileOwner owner)
    {
        byte[] data = new byte[FileOwner.Bytes];
        owner.WriteTo(data);
        return FcntlAsync(fd, command, (UserBuffer)data);
    }

    /// <summary><inheritdoc cref="DupAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>As <see cref="DupAsync"/>.</returns>
    public SysResult Dup(int fd) => Block(SyscallNumber.Dup, fd, default, 0, 0, 0, null);

    /// <summary><inheritdoc cref="Dup2Async" path="/summary"/> Blocks.</summary>
    /// <param name="oldFd">The descriptor.</param>
    /// <param name="newFd">The number.</param>
    /// <returns>As <see cref="Dup2Async"/>.</returns>
    public SysResult Dup2(int oldFd, int newFd) => Block(SyscallNumber.Dup2, oldFd, default, newFd, 0, 0, null);

    /// <summary><inheritdoc cref="FcntlAsync(int, FcntlCommand, long)" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="argument">Its argument; 0 by default.</param>
    /// <returns>As <see cref="FcntlAsync(int, FcntlCommand, long)"/>.</returns>
    public SysResult Fcntl(int fd, FcntlCommand command, long argument = 0) =>
        Block(SyscallNumber.Fcntl, fd, default, (long)command, argument, 0, null);

    /// <summary><inheritdoc cref="FcntlAsync(int, FcntlCommand, UserBuffer)" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="argument">The structure, <see cref="FileOwner"/>.</param>
    /// <returns>As <see cref="FcntlAsync(int, FcntlCommand, UserBuffer)"/>.</returns>
    public SysResult Fcntl(int fd, FcntlCommand command, UserBuffer argument) =>
        Block(SyscallNumber.Fcntl, fd, argument, (long)command, 0, 0, null);

    /// <summary>Duplicates a descriptor onto another number, closing what was open there. dup3(2); in-band.</summary>
    /// <param name="oldFd">The descriptor.</param>
    /// <param name="newFd">The number.</param>
    /// <param name="flags">O_CLOEXEC, or nothing (default).</param>
    /// <param name="cancellation">Unblocks what the driver of the replaced file lets be unblocked.</param>
    /// <returns>The number; EINVAL for other flags or equal numbers; EBADF, EBUSY.</returns>
    public ValueTask<SysResult> Dup3Async(
        int oldFd, int newFd, OpenFlags flags = default, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Dup3, oldFd, default, newFd, (long)flags, 0, null, cancellation);

    /// <summary><inheritdoc cref="Dup3Async" path="/summary"/> Blocks.</summary>
    /// <param name="oldFd">The descriptor.</param>
    /// <param name="newFd">The number.</param>
    /// <param name="flags">O_CLOEXEC, or nothing (default).</param>
    /// <returns>As <see cref="Dup3Async"/>.</returns>
    public SysResult Dup3(int oldFd, int newFd, OpenFlags flags = default) =>
        Block(SyscallNumber.Dup3, oldFd, default, newFd, (long)flags, 0, null);

    /// <summary>Closes or marks the descriptors of a range, ascending; numbers that are not open are skipped. close_range(2);
    /// in-band.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="last">The last number; as large as you like.</param>
    /// <param name="flags">What is done; close by default.</param>
    /// <param name="cancellation">Unblocks what a driver lets be unblocked.</param>
    /// <returns>0, whatever the closes say; EINVAL for other flags or first above last.</returns>
    public ValueTask<SysResult> CloseRangeAsync(
        uint first, uint last, CloseRangeFlags flags = default, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.CloseRange, -1, default, first, last, (long)flags, null, cancellation);

    /// <summary><inheritdoc cref="CloseRangeAsync" path="/summary"/> Blocks.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="last">The last number; as large as you like.</param>
    /// <param name="flags">What is done; close by default.</param>
    /// <returns>As <see cref="CloseRangeAsync"/>.</returns>
    public SysResult CloseRange(uint first, uint last, CloseRangeFlags flags = default) =>
        Block(SyscallNumber.CloseRange, -1, default, first, last, (long)flags, null);

    /// <summary>Moves the position of an open file, which its duplicates share. lseek(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="offset">How far, in bytes.</param>
    /// <param name="whence">From where; the beginning by default.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The new position, in bytes; EBADF; EINVAL; ESPIPE if the file is not seekable; EOVERFLOW for a 32-bit
    /// process; or the driver's errno.</returns>
    public ValueTask<SysResult> LseekAsync(
        int fd, long offset, Whence whence = Whence.Set, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Lseek, fd, default, offset, (long)whence, 0, null, cancellation);

    /// <summary><inheritdoc cref="LseekAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="offset">How far, in bytes.</param>
    /// <param name="whence">From where; the beginning by default.</param>
    /// <returns>As <see cref="LseekAsync"/>.</returns>
    public SysResult Lseek(int fd, long offset, Whence whence = Whence.Set) =>
        Block(SyscallNumber.Lseek, fd, default, offset, (long)whence, 0, null);

    /// <summary>Reads at an offset; the position stays. pread(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="ReadAsync"/>; EINVAL for a negative offset; ESPIPE if the file is not seekable.</returns>
    public ValueTask<SysResult> PreadAsync(int fd, UserBuffer buffer, long offset, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Pread, fd, buffer, offset, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="PreadAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <returns>As <see cref="PreadAsync"/>.</returns>
    public SysResult Pread(int fd, UserBuffer buffer, long offset) => Block(SyscallNumber.Pread, fd, buffer, offset, 0, 0, null);

    /// <summary>Writes at an offset; the position stays. pwrite(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is written.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WriteAsync"/>; EINVAL for a negative offset; ESPIPE if the file is not seekable.</returns>
    public ValueTask<SysResult> PwriteAsync(int fd, UserBuffer buffer, long offset, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Pwrite, fd, buffer, offset, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="PwriteAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffer">What is written.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <returns>As <see cref="PwriteAsync"/>.</returns>
    public SysResult Pwrite(int fd, UserBuffer buffer, long offset) =>
        Block(SyscallNumber.Pwrite, fd, buffer, offset, 0, 0, null);

    /// <summary>Reads into several buffers, one after the other, until one is not filled. readv(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">What is filled, at most 1024; belongs to the call until that is answered.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes read in all; as <see cref="ReadAsync"/> if there are none; EINVAL for too many buffers or a
    /// negative count.</returns>
    public ValueTask<SysResult> ReadvAsync(int fd, UserBuffer[] buffers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        return Submit(SyscallNumber.Readv, fd, default, 0, 0, 0, buffers, cancellation);
    }

    /// <summary><inheritdoc cref="ReadvAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">What is filled, at most 1024; belongs to the call until that is answered.</param>
    /// <returns>As <see cref="ReadvAsync"/>.</returns>
    public SysResult Readv(int fd, UserBuffer[] buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        return Block(SyscallNumber.Readv, fd, default, 0, 0, 0, buffers);
    }

    /// <summary>Writes several buffers, one after the other, until one is not taken whole. writev(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">What is written, at most 1024; belongs to the call until that is answered.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes written in all; as <see cref="WriteAsync"/> if there are none; EINVAL for too many buffers or a
    /// negative count.</returns>
    public ValueTask<SysResult> WritevAsync(int fd, UserBuffer[] buffers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        return Submit(SyscallNumber.Writev, fd, default, 0, 0, 0, buffers, cancellation);
    }

    /// <summary><inheritdoc cref="WritevAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="buffers">What is written, at most 1024; belongs to the call until that is answered.</param>
    /// <returns>As <see cref="WritevAsync"/>.</returns>
    public SysResult Writev(int fd, UserBuffer[] buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        return Block(SyscallNumber.Writev, fd, default, 0, 0, 0, buffers);
    }

    /// <summary>Has the driver write out what it keeps back. fsync(2); in-band.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>0; EBADF; EINVAL if the driver has no fsync; or the driver's errno.</returns>
    public ValueTask<SysResult> FsyncAsync(int fd, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Fsync, fd, default, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="FsyncAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>As <see cref="FsyncAsync"/>.</returns>
    public SysResult Fsync(int fd) => Block(SyscallNumber.Fsync, fd, default, 0, 0, 0, null);

    /// <summary>Maps driver memory; the mapping keeps the file open. mmap(2); in-band.</summary>
    /// <param name="fd">The descriptor; it may be closed afterwards.</param>
    /// <param name="length">How much, in bytes; rounded up to pages.</param>
    /// <param name="protection">What the memory may be used for; read and write by default.</param>
    /// <param name="flags">Shared (default) or private.</param>
    /// <param name="offset">Where it begins in what the driver maps, in bytes; a multiple of <see
    /// cref="EvlMapping.PageBytes"/>; 0 by default.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The mapping; EBADF; EINVAL for length 0, an offset within a page, or neither shared nor private; EACCES
    /// without read
    /// mode, or without write mode for shared writable memory; ENODEV if the driver has no mmap; ENOMEM, EOVERFLOW; or the
    /// driver's
    /// errno.</returns>
    public async ValueTask<MmapResult> MmapAsync(
        int fd, long length, MapProtection protection = MapProtection.Read | MapProtection.Write,
        MapFlags flags = MapFlags.Shared, long offset = 0,
        CancellationToken cancellation = default)
    {
        var mapping = new EvlMapping(length, protection, flags) { Offset = offset };
        SysResult result = await Submit(SyscallNumber.Mmap, fd, default, offset, length, 0, mapping, cancellation).ConfigureAwait(true);
        return new MmapResult(result, result.IsError ? null : mapping);
    }

    /// <summary><inheritdoc cref="MmapAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor; it may be closed afterwards.</param>
    /// <param name="length">How much, in bytes; rounded up to pages.</param>
    /// <param name="protection">What the memory may be used for; read and write by default.</param>
    /// <param name="flags">Shared (default) or private.</param>
    /// <param name="offset">Where it begins in what the driver maps, in bytes; a multiple of <see
    /// cref="EvlMapping.PageBytes"/>; 0 by default.</param>
    /// <returns>As <see cref="MmapAsync"/>.</returns>
    public MmapResult Mmap(
        int fd, long length, MapProtection protection = MapProtection.Read | MapProtection.Write,
        MapFlags flags = MapFlags.Shared, long offset = 0)
    {
        var mapping = new EvlMapping(length, protection, flags) { Offset = offset };
        SysResult result = Block(SyscallNumber.Mmap, fd, default, offset, length, 0, mapping);
        return new MmapResult(result, result.IsError ? null : mapping);
    }

    /// <summary>Unmaps what is mapped in a range of addresses; parts of mappings too. munmap(2); in-band.</summary>
    /// <param name="address">The first address; a multiple of <see cref="EvlMapping.PageBytes"/>.</param>
    /// <param name="length">How much, in bytes; rounded up to pages.</param>
    /// <param name="cancellation">Unblocks what the driver of a released file lets be unblocked.</param>
    /// <returns>0, also if nothing is mapped there; EINVAL for another address or length 0.</returns>
    public ValueTask<SysResult> MunmapAsync(long address, long length, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Munmap, -1, default, address, length, 0, null, cancellation);

    /// <summary><inheritdoc cref="MunmapAsync" path="/summary"/> Blocks.</summary>
    /// <param name="address">The first address; a multiple of <see cref="EvlMapping.PageBytes"/>.</param>
    /// <param name="length">How much, in bytes; rounded up to pages.</param>
    /// <returns>As <see cref="MunmapAsync"/>.</returns>
    public SysResult Munmap(long address, long length) => Block(SyscallNumber.Munmap, -1, default, address, length, 0, null);

    /// <summary>Reads out-of-band. oob_read; for attached threads.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes read; EPERM if not attached; EBADF, EINVAL, EFAULT, EAGAIN, EINTR, EIDRM, or the driver's errno.</returns>
    public ValueTask<SysResult> OobReadAsync(int fd, UserBuffer buffer, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.OobRead, fd, buffer, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="OobReadAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="buffer">What is filled; its length is the count asked for.</param>
    /// <returns>As <see cref="OobReadAsync"/>.</returns>
    public SysResult OobRead(int fd, UserBuffer buffer) => Block(SyscallNumber.OobRead, fd, buffer, 0, 0, 0, null);

    /// <summary>Writes out-of-band. oob_write; for attached threads.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="buffer">What is written.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The bytes written; EPERM if not attached; EBADF, EINVAL, EFAULT, EAGAIN, EINTR, EIDRM, or the driver's errno.</returns>
    public ValueTask<SysResult> OobWriteAsync(int fd, UserBuffer buffer, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.OobWrite, fd, buffer, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="OobWriteAsync" path="/summary"/> Blocks.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="buffer">What is written.</param>
    /// <returns>As <see cref="OobWriteAsync"/>.</returns>
    public SysResult OobWrite(int fd, UserBuffer buffer) => Block(SyscallNumber.OobWrite, fd, buffer, 0, 0, 0, null);

    /// <summary>A request to an oob file, with a value as argument. oob_ioctl; for attached threads.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>What the driver says; EPERM if not attached; EBADF; ENOTTY if it has no such command.</returns>
    public ValueTask<SysResult> OobIoctlAsync(int fd, uint command, long argument = 0, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.OobIoctl, fd, default, command, argument, 0, null, cancellation);

    /// <summary>A request to an oob file, with user memory as argument. oob_ioctl; for attached threads.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The memory that the argument points to.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>What the driver says; EPERM if not attached; EBADF; ENOTTY if it has no such command; EFAULT.</returns>
    public ValueTask<SysResult> OobIoctlAsync(int fd, uint command, UserBuffer argument, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.OobIoctl, fd, argument, command, 0, 0, null, cancellation);

    /// <summary>A request to an oob file, with user memory as argument. oob_ioctl; for attached threads. Blocks.</summary>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="command">The command word.</param>
    /// <param name="argument">The memory that the argument points to.</param>
    /// <returns>What the driver says; EPERM if not attached; EBADF; ENOTTY if it has no such command; EFAULT.</returns>
    public SysResult OobIoctl(int fd, uint command, UserBuffer argument) =>
        Block(SyscallNumber.OobIoctl, fd, argument, command, 0, 0, null);

    /// <summary>Initialises the process for EVL; attaching does it too. evl_init; in-band.</summary>
    /// <returns>0.</returns>
    public ValueTask<SysResult> InitAsync() => Submit(SyscallNumber.EvlInit, -1, default, 0, 0, 0, null, default);

    /// <summary>
    /// Makes this thread an EVL thread, which alone may call oob_*. A FIFO thread returns out-of-band, another one in-band.
    /// evl_attach_self.
    /// </summary>
    /// <param name="name">The element's name; a leading slash makes it public; null: anonymous.</param>
    /// <returns>The descriptor of the thread's element, close-on-exec; EBUSY if attached; EEXIST, EINVAL, ENAMETOOLONG, EMFILE.</returns>
    public ValueTask<SysResult> AttachAsync(string? name = null) =>
        Submit(SyscallNumber.Attach, -1, default, 0, 0, 0, name, default);

    /// <summary><inheritdoc cref="AttachAsync" path="/summary"/> Blocks.</summary>
    /// <param name="name">The element's name; a leading slash makes it public; null: anonymous.</param>
    /// <returns>As <see cref="AttachAsync"/>.</returns>
    public SysResult Attach(string? name = null) => Block(SyscallNumber.Attach, -1, default, 0, 0, 0, name);

    /// <summary>Makes this thread an ordinary one again. evl_detach_self.</summary>
    /// <param name="flags">0.</param>
    /// <returns>0; EINVAL for other flags; EPERM if not attached.</returns>
    public ValueTask<SysResult> DetachAsync(int flags = 0) => Submit(SyscallNumber.Detach, -1, default, flags, 0, 0, null, default);

    /// <summary>The descriptor that <see cref="AttachAsync"/> has returned. evl_get_self; switches no stage.</summary>
    /// <returns>The descriptor, which may have been closed since; EPERM if not attached.</returns>
    public ValueTask<SysResult> GetSelfAsync() => Submit(SyscallNumber.GetSelf, -1, default, 0, 0, 0, null, default);

    /// <summary><inheritdoc cref="GetSelfAsync" path="/summary"/> Blocks.</summary>
    /// <returns>As <see cref="GetSelfAsync"/>.</returns>
    public SysResult GetSelf() => Block(SyscallNumber.GetSelf, -1, default, 0, 0, 0, null);

    /// <summary>Switches this thread out-of-band. evl_switch_oob.</summary>
    /// <returns>0; EPERM if not attached.</returns>
    public ValueTask<SysResult> SwitchOobAsync() => Submit(SyscallNumber.SwitchOob, -1, default, 0, 0, 0, null, default);

    /// <summary>Switches this thread in-band. evl_switch_inband.</summary>
    /// <returns>0.</returns>
    public ValueTask<SysResult> SwitchInbandAsync() => Submit(SyscallNumber.SwitchInband, -1, default, 0, 0, 0, null, default);

    /// <summary>Creates a cross-buffer. evl_create_xbuf; in-band.</summary>
    /// <param name="name">The element's name; a leading slash makes it public, at /dev/evl/xbuf/name; null: anonymous.</param>
    /// <param name="inboundBytes">The ring that carries oob_write to read, 0 to 2^30 bytes; 0: none.</param>
    /// <param name="outboundBytes">The ring that carries write to oob_read, 0 to 2^30 bytes; 0: none.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>The descriptor, close-on-exec; ENXIO if the process was not initialised; EINVAL, EEXIST, ENAMETOOLONG, ENOMEM, EMFILE.</returns>
    public ValueTask<SysResult> CreateXbufAsync(string? name, long inboundBytes, long outboundBytes, OpenFlags flags = default) =>
        Submit(SyscallNumber.CreateXbuf, -1, default, (long)flags, inboundBytes, outboundBytes, name, default);

    /// <summary><inheritdoc cref="CreateXbufAsync" path="/summary"/> Blocks.</summary>
    /// <param name="name">The element's name; a leading slash makes it public, at /dev/evl/xbuf/name; null: anonymous.</param>
    /// <param name="inboundBytes">The ring that carries oob_write to read, 0 to 2^30 bytes; 0: none.</param>
    /// <param name="outboundBytes">The ring that carries write to oob_read, 0 to 2^30 bytes; 0: none.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>As <see cref="CreateXbufAsync"/>.</returns>
    public SysResult CreateXbuf(string? name, long inboundBytes, long outboundBytes, OpenFlags flags = default) =>
        Block(SyscallNumber.CreateXbuf, -1, default, (long)flags, inboundBytes, outboundBytes, name);

    /// <summary>
    /// Makes a process: the same descriptors on the same open files, one ordinary thread. fork(2); in-band. The new process is
    /// <see cref="EvlMachine.GetProcess"/>, its thread <see cref="EvlProcess.MainThread"/>; it attaches itself if it is to be an
    /// EVL thread.
    /// </summary>
    /// <param name="flags">What is shared instead of copied; nothing by default.</param>
    /// <returns>The pid of the new process; EINVAL for other flags.</returns>
    public ValueTask<SysResult> ForkAsync(CloneFlags flags = CloneFlags.None) =>
        Submit(SyscallNumber.Fork, -1, default, (long)flags, 0, 0, null, default);

    /// <summary><inheritdoc cref="ForkAsync" path="/summary"/> Blocks.</summary>
    /// <param name="flags">What is shared instead of copied; nothing by default.</param>
    /// <returns>As <see cref="ForkAsync"/>.</returns>
    public SysResult Fork(CloneFlags flags = CloneFlags.None) => Block(SyscallNumber.Fork, -1, default, (long)flags, 0, 0, null);

    /// <summary>
    /// Begins another program in this process: its other threads are killed, this one detached, a shared table of descriptors
    /// copied, then the descriptors that are close-on-exec are closed in ascending order, each awaited. execve(2); in-band.
    /// What the program does is up to the code that holds this thread.
    /// </summary>
    /// <returns>0.</returns>
    public ValueTask<SysResult> ExecAsync() => Submit(SyscallNumber.Exec, -1, default, 0, 0, 0, null, default);

    /// <summary><inheritdoc cref="ExecAsync" path="/summary"/> Blocks.</summary>
    /// <returns>As <see cref="ExecAsync"/>.</returns>
    public SysResult Exec() => Block(SyscallNumber.Exec, -1, default, 0, 0, 0, null);

    /// <summary>Ends this thread's process: the other threads are killed, then the descriptors closed. exit_group(2).</summary>
    /// <param name="status">The exit status that its parent gets, 0 to 255; 0 by default.</param>
    /// <returns>0 when the process has ended; ESRCH if it ends already.</returns>
    public ValueTask<SysResult> ExitAsync(int status = 0) => Submit(SyscallNumber.Exit, -1, default, status, 0, 0, null, default);

    /// <summary><inheritdoc cref="ExitAsync" path="/summary"/> Blocks.</summary>
    /// <param name="status">The exit status that its parent gets, 0 to 255; 0 by default.</param>
    /// <returns>As <see cref="ExitAsync"/>.</returns>
    public SysResult Exit(int status = 0) => Block(SyscallNumber.Exit, -1, default, status, 0, 0, null);

    /// <summary>Waits until a child has ended. wait4(2); in-band, sleeps.</summary>
    /// <param name="pid">Which: a pid; -1 (default): any; 0: any of this process's group; below -1: any of that group.</param>
    /// <param name="status">Gets the <see cref="WaitStatus"/>, 4 bytes; default: it is not told.</param>
    /// <param name="options">WNOHANG or nothing.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The pid of the child; 0 with WNOHANG if none has ended; ECHILD if there is no such child; EINTR; EINVAL for
    /// other options; EFAULT.</returns>
    public ValueTask<SysResult> WaitAsync(
        int pid = -1, UserBuffer status = default, WaitOptions options = WaitOptions.None, CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Wait, -1, status, pid, (long)options, 0, null, cancellation);

    /// <summary><inheritdoc cref="WaitAsync" path="/summary"/> Blocks.</summary>
    /// <param name="pid">Which: a pid; -1 (default): any; 0: any of this process's group; below -1: any of that group.</param>
    /// <param name="status">Gets the <see cref="WaitStatus"/>, 4 bytes; default: it is not told.</param>
    /// <param name="options">WNOHANG or nothing.</param>
    /// <returns>As <see cref="WaitAsync"/>.</returns>
    public SysResult Wait(int pid = -1, UserBuffer status = default, WaitOptions options = WaitOptions.None) =>
        Block(SyscallNumber.Wait, -1, status, pid, (long)options, 0, null);

    /// <summary>Makes a pipe. pipe2(2); in-band.</summary>
    /// <param name="fds">Gets the two descriptors, 4 bytes each: the reading end, then the writing end.</param>
    /// <param name="flags">O_CLOEXEC, O_NONBLOCK or nothing.</param>
    /// <returns>0; EINVAL for other flags, EMFILE, ENFILE, EFAULT.</returns>
    public ValueTask<SysResult> Pipe2Async(UserBuffer fds, OpenFlags flags = default) =>
        Submit(SyscallNumber.Pipe2, -1, fds, (long)flags, 0, 0, null, default);

    /// <summary><inheritdoc cref="Pipe2Async(UserBuffer, OpenFlags)" path="/summary"/></summary>
    /// <param name="fds">Gets the two descriptors: the reading end, then the writing end.</param>
    /// <param name="flags">O_CLOEXEC, O_NONBLOCK or nothing.</param>
    /// <returns>0; EINVAL for other flags, EMFILE, ENFILE.</returns>
    /// <exception cref="ArgumentException">There is no room for two.</exception>
    public async ValueTask<SysResult> Pipe2Async(int[] fds, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(fds);
        if (fds.Length < 2)
            throw new ArgumentException("A pipe has two ends: pass an array of two.", nameof(fds));
        byte[] ends = new byte[8];
        SysResult result = await Pipe2Async((UserBuffer)ends, flags).ConfigureAwait(true);
        if (result.IsSuccess)
            MemoryMarshal.Cast<byte, int>(ends).CopyTo(fds);
        return result;
    }

    /// <summary>Makes a pipe. pipe(2); in-band.</summary>
    /// <param name="fds">Gets the two descriptors: the reading end, then the writing end.</param>
    /// <returns>0; EMFILE, ENFILE.</returns>
    /// <exception cref="ArgumentException">There is no room for two.</exception>
    public ValueTask<SysResult> PipeAsync(int[] fds) => Pipe2Async(fds);

    /// <summary>Makes a pipe. pipe2(2); in-band. Blocks.</summary>
    /// <param name="fds">Gets the two descriptors, 4 bytes each: the reading end, then the writing end.</param>
    /// <param name="flags">O_CLOEXEC, O_NONBLOCK or nothing.</param>
    /// <returns>0; EINVAL for other flags, EMFILE, ENFILE, EFAULT.</returns>
    public SysResult Pipe2(UserBuffer fds, OpenFlags flags = default) =>
        Block(SyscallNumber.Pipe2, -1, fds, (long)flags, 0, 0, null);

    /// <summary>The number of the process. getpid(2); in-band.</summary>
    /// <returns>The pid.</returns>
    public ValueTask<SysResult> GetpidAsync() => Submit(SyscallNumber.Getpid, -1, default, 0, 0, 0, null, default);

    /// <summary>The number of the parent. getppid(2); in-band.</summary>
    /// <returns>The pid; 0 if the machine made the process, or the parent has ended.</returns>
    public ValueTask<SysResult> GetppidAsync() => Submit(SyscallNumber.Getppid, -1, default, 0, 0, 0, null, default);

    /// <summary>The real user id. getuid(2); in-band.</summary>
    /// <returns>The id.</returns>
    public ValueTask<SysResult> GetuidAsync() => Submit(SyscallNumber.Getuid, -1, default, 0, 0, 0, null, default);

    /// <summary>The effective user id. geteuid(2); in-band.</summary>
    /// <returns>The id.</returns>
    public ValueTask<SysResult> GeteuidAsync() => Submit(SyscallNumber.Geteuid, -1, default, 0, 0, 0, null, default);

    /// <summary>The real group id. getgid(2); in-band.</summary>
    /// <returns>The id.</returns>
    public ValueTask<SysResult> GetgidAsync() => Submit(SyscallNumber.Getgid, -1, default, 0, 0, 0, null, default);

    /// <summary>The effective group id. getegid(2); in-band.</summary>
    /// <returns>The id.</returns>
    public ValueTask<SysResult> GetegidAsync() => Submit(SyscallNumber.Getegid, -1, default, 0, 0, 0, null, default);

    /// <summary>Sets the effective user id, and the real and the saved one with CAP_SETUID. setuid(2); in-band. Capabilities follow as capabilities(7) says.</summary>
    /// <param name="uid">The id.</param>
    /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETUID is missing; EINVAL if negative.</returns>
    public ValueTask<SysResult> SetuidAsync(int uid) => Submit(SyscallNumber.Setuid, -1, default, uid, 0, 0, null, default);

    /// <summary>Sets the effective user id. seteuid(2); in-band. Leaving 0 clears the capabilities in force, coming back restores them.</summary>
    /// <param name="uid">The id.</param>
    /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETUID is missing; EINVAL if negative.</returns>
    public ValueTask<SysResult> SeteuidAsync(int uid) => Submit(SyscallNumber.Seteuid, -1, default, uid, 0, 0, null, default);

    /// <summary>Sets the effective group id, and the real and the saved one with CAP_SETGID. setgid(2); in-band.</summary>
    /// <param name="gid">The id.</param>
    /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETGID is missing; EINVAL if negative.</returns>
    public ValueTask<SysResult> SetgidAsync(int gid) => Submit(SyscallNumber.Setgid, -1, default, gid, 0, 0, null, default);

    /// <summary>Sets the effective group id. setegid(2); in-band.</summary>
    /// <param name="gid">The id.</param>
    /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETGID is missing; EINVAL if negative.</returns>
    public ValueTask<SysResult> SetegidAsync(int gid) => Submit(SyscallNumber.Setegid, -1, default, gid, 0, 0, null, default);

    /// <summary>The process group of a process. getpgid(2); in-band.</summary>
    /// <param name="pid">The process; 0 (default): this one.</param>
    /// <returns>The group; ESRCH if there is no such process.</returns>
    public ValueTask<SysResult> GetpgidAsync(int pid = 0) => Submit(SyscallNumber.Getpgid, -1, default, pid, 0, 0, null, default);

    /// <summary>The session of a process. getsid(2); in-band.</summary>
    /// <param name="pid">The process; 0 (default): this one.</param>
    /// <returns>The session; ESRCH if there is no such process.</returns>
    public ValueTask<SysResult> GetsidAsync(int pid = 0) => Submit(SyscallNumber.Getsid, -1, default, pid, 0, 0, null, default);

    /// <summary>Begins a session with a group, without controlling terminal. setsid(2); in-band.</summary>
    /// <returns>The session; EPERM for the leader of a group.</returns>
    public ValueTask<SysResult> SetsidAsync() => Submit(SyscallNumber.Setsid, -1, default, 0, 0, 0, null, default);

    /// <summary>Puts a process into a group. setpgid(2); in-band.</summary>
    /// <param name="pid">The process, this one or a child; 0: this one.</param>
    /// <param name="group">The group, one of the session; 0: the process's own.</param>
    /// <returns>0; ESRCH, EINVAL if the group is negative, EACCES for a child that has executed a program, EPERM for the leader
    /// of a session and across sessions.</returns>
    public ValueTask<SysResult> SetpgidAsync(int pid, int group) =>
        Submit(SyscallNumber.Setpgid, -1, default, pid, group, 0, null, default);

    /// <summary>Sets the supplementary groups. setgroups(2); in-band.</summary>
    /// <param name="groups">The groups; copied.</param>
    /// <returns>0; EPERM without CAP_SETGID.</returns>
    public ValueTask<SysResult> SetgroupsAsync(params ReadOnlySpan<int> groups) =>
        Submit(SyscallNumber.Setgroups, -1, default, 0, 0, 0, groups.ToArray(), default);

    /// <summary>Reads the capabilities of a process. capget(2); in-band.</summary>
    /// <param name="data">Gets the <see cref="CapabilitySet"/> of the version.</param>
    /// <param name="pid">The process; 0 (default): this one.</param>
    /// <param name="version">The layout; <see cref="CapabilitySet.Version3"/> by default.</param>
    /// <returns>0; EINVAL for an unknown version, ESRCH, EFAULT.</returns>
    public ValueTask<SysResult> CapgetAsync(UserBuffer data, int pid = 0, uint version = CapabilitySet.Version3) =>
        Submit(SyscallNumber.Capget, -1, data, pid, version, 0, null, default);

    /// <summary>Sets the capabilities of this process. capset(2); in-band.</summary>
    /// <param name="data">The <see cref="CapabilitySet"/> of the version.</param>
    /// <param name="pid">The process; 0 (default): this one.</param>
    /// <param name="version">The layout; <see cref="CapabilitySet.Version3"/> by default.</param>
    /// <returns>0; EINVAL for an unknown version or capability; EPERM for another process and for what is not permitted; ESRCH,
    /// EFAULT.</returns>
    public ValueTask<SysResult> CapsetAsync(UserBuffer data, int pid = 0, uint version = CapabilitySet.Version3) =>
        Submit(SyscallNumber.Capset, -1, data, pid, version, 0, null, default);

    /// <summary>Sets the capabilities of this process. capset(2); in-band.</summary>
    /// <param name="effective">Those in force.</param>
    /// <param name="permitted">Those that may be put in force.</param>
    /// <returns>0; EPERM for what is not permitted; EINVAL for an unknown capability.</returns>
    public ValueTask<SysResult> CapsetAsync(Capabilities effective, Capabilities permitted)
    {
        byte[] data = new byte[CapabilitySet.BytesOf(CapabilitySet.Version3)];
        new CapabilitySet(effective, permitted).WriteTo(data);
        return CapsetAsync(data);
    }

    /// <summary>Reads a limit of the process. getrlimit(2); in-band.</summary>
    /// <param name="resource">What is limited.</param>
    /// <param name="limit">Gets the <see cref="ResourceLimit"/>, 16 bytes.</param>
    /// <returns>0; EINVAL for an unknown resource; EFAULT.</returns>
    public ValueTask<SysResult> GetrlimitAsync(Resource resource, UserBuffer limit) =>
        Submit(SyscallNumber.Getrlimit, -1, limit, (long)resource, 0, 0, null, default);

    /// <summary>Sets a limit of the process. setrlimit(2); in-band.</summary>
    /// <param name="resource">What is limited.</param>
    /// <param name="limit">The <see cref="ResourceLimit"/>, 16 bytes.</param>
    /// <returns>0; EINVAL for an unknown resource or a soft limit above the hard one; EPERM if the hard limit is raised without
    /// CAP_SYS_RESOURCE, or RLIMIT_NOFILE above 1,048,576; EFAULT.</returns>
    public ValueTask<SysResult> SetrlimitAsync(Resource resource, UserBuffer limit) =>
        Submit(SyscallNumber.Setrlimit, -1, limit, (long)resource, 0, 0, null, default);

    /// <summary><inheritdoc cref="SetrlimitAsync(Resource, UserBuffer)" path="/summary"/></summary>
    /// <param name="resource">What is limited.</param>
    /// <param name="limit">The limit.</param>
    /// <returns>As <see cref="SetrlimitAsync(Resource, UserBuffer)"/>.</returns>
    public ValueTask<SysResult> SetrlimitAsync(Resource resource, ResourceLimit limit)
    {
        byte[] data = new byte[ResourceLimit.Bytes];
        limit.WriteTo(data);
        return SetrlimitAsync(resource, (UserBuffer)data);
    }

    /// <summary>Ends this thread; a later call of it answers ESRCH. pthread_exit.</summary>
    /// <returns>0.</returns>
    public ValueTask<SysResult> ExitThreadAsync() => Submit(SyscallNumber.ExitThread, -1, default, 0, 0, 0, null, default);

    /// <summary>Says what the process does with a signal. sigaction(2); in-band.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="action">Default, ignore or a handler. Ignoring drops what is pending of it.</param>
    /// <returns>0; EINVAL for a bad number, SIGKILL and SIGSTOP.</returns>
    public ValueTask<SysResult> SigactionAsync(Signal signal, SigAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Submit(SyscallNumber.Sigaction, -1, default, (long)signal, 0, 0, action.Action, default);
    }

    /// <summary>Changes what this thread blocks; what is unblocked and pending is delivered before it returns. sigprocmask(2);
    /// in-band.</summary>
    /// <param name="how">How the set changes the mask.</param>
    /// <param name="set">The set; SIGKILL and SIGSTOP in it are passed over.</param>
    /// <returns>The bits of the old mask, a value for <see cref="SigSet"/>; EINVAL for a bad <paramref name="how"/>.</returns>
    public ValueTask<SysResult> SigprocmaskAsync(SigMaskHow how, SigSet set) =>
        Submit(SyscallNumber.Sigprocmask, -1, default, (long)how, (long)set.Bits, 0, null, default);

    /// <summary>Which signals are blocked and pending, on this thread or its process. sigpending(2); in-band.</summary>
    /// <returns>The bits of the set, a value for <see cref="SigSet"/>.</returns>
    public ValueTask<SysResult> SigpendingAsync() => Submit(SyscallNumber.Sigpending, -1, default, 0, 0, 0, null, default);

    /// <summary>Sends a signal to a process or group. kill(2); in-band. Returns when the signal is with a thread or pending.</summary>
    /// <param name="pid">A process; 0: the own group; -1: every other process; less: the group of that number.</param>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
    /// <returns>0; EINVAL for a bad signal, ESRCH, EPERM, EAGAIN if no more real-time signals can be queued.</returns>
    public ValueTask<SysResult> KillAsync(int pid, Signal signal) =>
        Submit(SyscallNumber.Kill, -1, default, pid, (long)signal, 0, null, default);

    /// <summary>Sends a signal to a thread. tkill(2); in-band.</summary>
    /// <param name="tid">The thread.</param>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
    /// <returns>0; EINVAL for a bad signal or number, ESRCH, EPERM, EAGAIN.</returns>
    public ValueTask<SysResult> TkillAsync(int tid, Signal signal) =>
        Submit(SyscallNumber.Tkill, -1, default, tid, (long)signal, 0, null, default);

    /// <summary>Sends a signal to a thread of a process. tgkill(2); in-band.</summary>
    /// <param name="pid">The process that the thread must belong to.</param>
    /// <param name="tid">The thread.</param>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
    /// <returns>0; EINVAL for a bad signal or number, ESRCH, EPERM, EAGAIN.</returns>
    public ValueTask<SysResult> TgkillAsync(int pid, int tid, Signal signal) =>
        Submit(SyscallNumber.Tgkill, -1, default, pid, (long)signal, tid, null, default);

    /// <summary>Sends a signal with a value to a process. sigqueue(3); in-band.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
    /// <param name="value">What <see cref="SigInfo.Value"/> carries.</param>
    /// <returns>0; EINVAL for a bad signal, ESRCH, EPERM, EAGAIN if no more real-time signals can be queued.</returns>
    public ValueTask<SysResult> SigqueueAsync(int pid, Signal signal, long value) =>
        Submit(SyscallNumber.Sigqueue, -1, default, pid, (long)signal, value, null, default);

    /// <summary>Sends a signal to this thread; it is delivered before the call returns. raise(3); in-band.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>0; EINVAL for a bad signal, EAGAIN.</returns>
    public ValueTask<SysResult> RaiseAsync(Signal signal) => TgkillAsync(Process.Pid, Tid, signal);

    /// <summary>Sleeps until a signal's handler has run. pause(2); in-band.</summary>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>EINTR.</returns>
    public ValueTask<SysResult> PauseAsync(CancellationToken cancellation = default) =>
        Submit(SyscallNumber.Pause, -1, default, 0, 0, 0, null, cancellation);

    /// <summary><inheritdoc cref="PauseAsync" path="/summary"/> Blocks.</summary>
    /// <returns>EINTR.</returns>
    public SysResult Pause() => Block(SyscallNumber.Pause, -1, default, 0, 0, 0, null);

    /// <summary>Has SIGALRM sent to the process after some time. alarm(2); in-band.</summary>
    /// <param name="seconds">The time, in seconds; 0: no alarm any more.</param>
    /// <returns>The seconds that were left of the alarm before, rounded up, or 0; EINVAL if negative.</returns>
    public ValueTask<SysResult> AlarmAsync(int seconds) => Submit(SyscallNumber.Alarm, -1, default, seconds, 0, 0, null, default);

    /// <summary>Reads a clock, without leaving the stage. clock_gettime(2).</summary>
    /// <param name="clock">The clock.</param>
    /// <returns>The time in nanoseconds; EINVAL for an unknown clock, which switches an oob thread in-band.</returns>
    public ValueTask<SysResult> ClockGettimeAsync(ClockId clock) =>
        Submit(SyscallNumber.ClockGettime, -1, default, (long)clock, 0, 0, null, default);

    /// <summary>Makes an in-band call by its number, a value of <see cref="SyscallNumber"/>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="fd">The descriptor; none by default.</param>
    /// <param name="buffer">The user memory; none by default.</param>
    /// <param name="argument">The first argument beside these; 0 by default.</param>
    /// <returns>What the call returns; ENOSYS if there is none of this number, without leaving the stage.</returns>
    public ValueTask<SysResult> RawSyscallAsync(int number, int fd = -1, UserBuffer buffer = default, long argument = 0)
    {
        var nr = (SyscallNumber)number;
        return Submit(nr > SyscallNumber.EvlSleep && Enum.IsDefined(nr) ? nr : SyscallNumber.Undefined,
            fd, buffer, argument, 0, 0, null, default);
    }

    /// <summary>Makes an oob call by its number: 0 oob_read, 1 oob_write, 2 oob_ioctl.</summary>
    /// <param name="number">The number.</param>
    /// <param name="fd">The descriptor; none by default.</param>
    /// <param name="buffer">The user memory; none by default.</param>
    /// <param name="argument">The first argument beside these; 0 by default.</param>
    /// <returns>What the call returns; ENOSYS if there is none of this number, for any thread.</returns>
    public ValueTask<SysResult> RawOobSyscallAsync(int number, int fd = -1, UserBuffer buffer = default, long argument = 0)
    {
        var nr = (SyscallNumber)number;
        return Submit(nr is >= SyscallNumber.OobRead and <= SyscallNumber.OobIoctl ? nr : SyscallNumber.UndefinedOob,
            fd, buffer, argument, 0, 0, null, default);
    }

    /// <summary>Ends the sleep of an EVL thread's call with EINTR, now or when it next sleeps; it stays out-of-band. A thread that is
    /// in-band is not disturbed: EVL ends its own sleeps only. evl_unblock_thread, by ioctl or oob_ioctl as this thread's stage is.</summary>
    /// <param name="threadFd">A descriptor of the thread's element.</param>
    /// <returns>0; ESTALE if the thread is gone; EBADF.</returns>
    public ValueTask<SysResult> UnblockThreadAsync(int threadFd) => Request(threadFd, ThreadCommand.Unblock, default);

    /// <summary>Forces an EVL thread into class WEAK, and if it is out-of-band ends its sleep with EINTR and sends it in-band.
    /// evl_demote_thread, by ioctl or
    /// oob_ioctl as this thread's stage is.</summary>
    /// <param name="threadFd">A descriptor of the thread's element.</param>
    /// <returns>0; ESTALE if the thread is gone; EBADF.</returns>
    public ValueTask<SysResult> DemoteThreadAsync(int threadFd) => Request(threadFd, ThreadCommand.Demote, default);

    /// <summary>The request of evl_switch_oob on a thread's element, by ioctl or oob_ioctl as this thread's stage is.</summary>
    /// <param name="threadFd">A descriptor of the thread's element.</param>
    /// <returns>0; EPERM for another thread than this one; ESTALE if the thread is gone; EBADF.</returns>
    public ValueTask<SysResult> SwitchOobAsync(int threadFd) => Request(threadFd, ThreadCommand.SwitchOob, default);

    /// <summary>The request of evl_switch_inband on a thread's element, by ioctl or oob_ioctl as this thread's stage is.</summary>
    /// <param name="threadFd">A descriptor of the thread's element.</param>
    /// <returns>0; EPERM for another thread than this one; ESTALE if the thread is gone; EBADF.</returns>
    public ValueTask<SysResult> SwitchInbandAsync(int threadFd) => Request(threadFd, ThreadCommand.SwitchInband, default);

    /// <summary>Sets mode bits of this thread; warnings alone choose SIGDEBUG as their means. evl_set_thread_mode, by ioctl or
    /// oob_ioctl as its stage is.</summary>
    /// <param name="threadFd">A descriptor of its element.</param>
    /// <param name="mask">The bits.</param>
    /// <returns>The old bits; EINVAL for HMOBS and unknown bits; EPERM for another thread's; ESTALE; EBADF.</returns>
    public ValueTask<SysResult> SetThreadModeAsync(int threadFd, EvlThreadMode mask) => ChangeMode(threadFd, ThreadCommand.SetMode, mask);

    /// <summary>Clears mode bits of this thread; the last warning takes the means with it, the last means the warnings.
    /// evl_clear_thread_mode, by ioctl or oob_ioctl as its stage is.</summary>
    /// <param name="threadFd">A descriptor of its element.</param>
    /// <param name="mask">The bits.</param>
    /// <returns>The old bits; EINVAL for unknown bits; EPERM for another thread's; ESTALE; EBADF.</returns>
    public ValueTask<SysResult> ClearThreadModeAsync(int threadFd, EvlThreadMode mask) => ChangeMode(threadFd, ThreadCommand.ClearMode, mask);

    /// <summary>Reads an EVL thread's state as <c>struct evl_thread_state</c>: policy, priority and 8 bytes of its class, cpu, state,
    /// isw, csw, sc and rwa in 4 bytes each, xtime in 8. evl_get_state, by ioctl or oob_ioctl as this thread's stage is.</summary>
    /// <param name="threadFd">A descriptor of the thread's element.</param>
    /// <param name="state">48 bytes.</param>
    /// <returns>0; EFAULT; ESTALE if the thread is gone; EBADF.</returns>
    public ValueTask<SysResult> GetThreadStateAsync(int threadFd, UserBuffer state) => Request(threadFd, ThreadCommand.GetState, state);

    /// <summary>Whether this thread runs or sleeps, at this moment. TASK_RUNNING ...; any thread may read it, never blocks.</summary>
    public TaskState State => _info.Task.State;

    /// <summary>What this thread does at this moment: whether it sleeps, how and where. Any thread may read it, never blocks.</summary>
    public TaskSnapshot Snapshot => _info.Task;

    /// <summary>Whether this thread is in-band, as every thread that is not attached is. evl_is_inband. Any thread.</summary>
    public bool IsInband => _info.IsInBand;

    /// <summary>What this thread has done since it was attached; no call of the thread, so it may have one under way. Any thread.</summary>
    /// <returns>The statistics; all 0 if it is not attached.</returns>
    public async ValueTask<EvlThreadStatistics> GetStatisticsAsync()
    {
        var completion = new TaskCompletionSource<EvlThreadStatistics>(TaskCreationOptions.RunContinuationsAsynchronously);
        _info.Actor.Tell(new ReadStatistics(completion), Rank.Head);
        return await completion.Task.ConfigureAwait(true);
    }

    /// <summary>Sends a signal to this thread from outside the machine. Any thread.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>0; EINVAL, ESRCH, EAGAIN. Completes when the signal is with the thread.</returns>
    public ValueTask<SysResult> Kill(Signal signal) => Process.Send(SignalTarget.Thread, Tid, signal);

    /// <summary>Ends the sleep of this thread's call with EINTR, now or when it next sleeps; any thread. evl_unblock_thread.</summary>
    public void Unblock() => _info.Actor.Tell(new Unblock(), Rank.Head);

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;

    /// <summary>The end of the process, made by its own thread for it; works also while calls are refused.</summary>
    internal ValueTask<SysResult> ExitAsReaperAsync(int status) =>
        _frame.Submit(SyscallNumber.Exit, -1, default, status, 0, 0, null, default);

    /// <summary>Ends the thread after its call, if it makes one.</summary>
    internal void Retire() => _info.Actor.Tell(new KillThread(), Rank.Head);

    /// <summary>Lets the code of a signal handler make calls while the call of a frame is set aside.</summary>
    internal void EnterHandler(CallFrame inner) => _frame = inner;

    /// <summary>The code of a signal handler has ended.</summary>
    internal void LeaveHandler(CallFrame outer) => _frame = outer;

    /// <summary>Makes a call that has one argument.</summary>
    internal ValueTask<SysResult> Submit(SyscallNumber nr, long argument) =>
        Submit(nr, -1, default, argument, 0, 0, null, default);

    /// <summary>As <see cref="Submit(SyscallNumber, long)"/>; blocks.</summary>
    internal SysResult Block(SyscallNumber nr, long argument) => Block(nr, -1, default, argument, 0, 0, null);

    /// <summary>Makes the call that sleeps out-of-band.</summary>
    internal ValueTask<SysResult> Sleep(long ns, bool isRelative, CancellationToken cancellation) =>
        Submit(SyscallNumber.EvlSleep, -1, default, ns, isRelative ? 1 : 0, 0, null, cancellation);

    /// <summary>As <see cref="Sleep"/>; blocks.</summary>
    internal SysResult SleepBlocking(long ns, bool isRelative) =>
        Block(SyscallNumber.EvlSleep, -1, default, ns, isRelative ? 1 : 0, 0, null);

    /// <summary>Makes a call that polls.</summary>
    internal ValueTask<SysResult> Poll<TState>(
        SyscallNumber nr, int fd, long argument, long argument2, TState state, Action<PollArguments, TState> fill, CancellationToken cancellation)
    {
        PollArguments arguments = _info.RentPollArguments();
        fill(arguments, state);
        return Submit(nr, fd, default, argument, argument2, 0, arguments, cancellation);
    }

    /// <summary>Makes a call that polls. Blocks.</summary>
    internal SysResult PollBlocking<TState>(
        SyscallNumber nr, int fd, long argument, long argument2, TState state, Action<PollArguments, TState> fill)
    {
        PollArguments arguments = _info.RentPollArguments();
        fill(arguments, state);
        return Block(nr, fd, default, argument, argument2, 0, arguments);
    }

    private ValueTask<SysResult> Submit(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object, CancellationToken cancellation) =>
        Refusal is var refusal and not Errno.None
            ? new ValueTask<SysResult>(SysResult.Error(refusal).Of(nr))
            : SyscallActivity.IsListenedTo ? Follow(nr, fd, buffer, argument, argument2, argument3, @object, cancellation)
            : _frame.Submit(nr, fd, buffer, argument, argument2, argument3, @object, cancellation);

    private SysResult Block(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object) =>
        Refusal is var refusal and not Errno.None
            ? SysResult.Error(refusal).Of(nr)
            : SyscallActivity.IsListenedTo ? FollowBlocking(nr, fd, buffer, argument, argument2, argument3, @object)
            : _frame.Block(nr, fd, buffer, argument, argument2, argument3, @object);

    // Apart from the calls themselves, which must not pay for the closures.
    private ValueTask<SysResult> Follow(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object, CancellationToken cancellation) =>
        SyscallActivity.Follow(
            Process.Machine.Engine, _info, nr, fd, () => _frame.Submit(nr, fd, buffer, argument, argument2, argument3, @object, cancellation));

    private SysResult FollowBlocking(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object) =>
        SyscallActivity.Follow(
            Process.Machine.Engine, _info, nr, fd, () => _frame.Block(nr, fd, buffer, argument, argument2, argument3, @object));

    /// <summary>An exception ends the thread's body: on the oob stage the thread goes in-band and gets SIGSEGV.</summary>
    internal async ValueTask FaultAsync()
    {
        // A body that left a call behind has no place for another.
        if (!_info.IsInBand && !_frame.IsUnderWay)
            await Submit(SyscallNumber.Fault, -1, default, 0, 0, 0, null, default).ConfigureAwait(true);
    }

    /// <summary><inheritdoc cref="FaultAsync" path="/summary"/> Blocks.</summary>
    internal void Fault()
    {
        if (!_info.IsInBand && !_frame.IsUnderWay)
            Block(SyscallNumber.Fault, -1, default, 0, 0, 0, null);
    }

    /// <summary>Makes an element; its first argument beside flags and name is its initial value.</summary>
    internal ValueTask<SysResult> Create(SyscallNumber nr, string? name, int value, OpenFlags flags) =>
        Submit(nr, -1, default, (long)flags, value, 0, name, default);

    /// <summary>Makes a request to an element, with a value and a date.</summary>
    internal ValueTask<SysResult> Request(
        SyscallNumber nr, int fd, uint command, long argument, long dateNs = 0, CancellationToken cancellation = default) =>
        Submit(nr, fd, default, command, argument, dateNs, null, cancellation);

    /// <summary>As <see cref="Request(SyscallNumber, int, uint, long, long, CancellationToken)"/>; blocks.</summary>
    internal SysResult RequestBlocking(SyscallNumber nr, int fd, uint command, long argument, long dateNs = 0) =>
        Block(nr, fd, default, command, argument, dateNs, null);

    private ValueTask<SysResult> Request(int threadFd, uint command, UserBuffer argument) =>
        Submit(SyscallNumber.ElementRequest, threadFd, argument, command, 0, 0, null, default);

    private async ValueTask<SysResult> ChangeMode(int threadFd, uint command, EvlThreadMode mask)
    {
        byte[] argument = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(argument, (uint)mask);
        SysResult result = await Request(threadFd, command, argument).ConfigureAwait(true);
        return result.IsError ? result : BinaryPrimitives.ReadUInt32LittleEndian(argument);
    }
}
