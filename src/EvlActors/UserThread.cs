using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A user thread: the door through which an application makes system calls, one at a time. Each call is there as
/// <c>...Async</c>, the frequent ones also blocking, for code on a thread of its own. A result is a <see cref="SysResult"/>;
/// exceptions are for misuse of the API itself. Here are the calls on descriptors; those about processes, signals, stages,
/// polling, time and elements are extension members, each area in a class of its own: <see cref="UserThreadProcesses"/>,
/// <see cref="UserThreadSignals"/>, <see cref="UserThreadStages"/>, <see cref="UserThreadPolls"/>, <see cref="UserThreadTiming"/>,
/// <see cref="UserThreadSems"/>, <see cref="UserThreadFlags"/>. Those of <c>UserThreadStreams</c> make .NET streams of descriptors.
/// </summary>
/// <remarks>
/// All calls answer ESRCH when the thread, its process or the machine has ended, EIO when the machine has failed. One that was
/// made before the thread was killed answers EINTR if it has not begun or sleeps, else its result. A call that can sleep answers
/// EINTR when it is unblocked, cancelled or interrupted by a signal whose handler does not restart it.
/// A signal's handler runs before the call that it interrupted returns (an asynchronous one: before its await goes on, so await
/// it), or at the beginning of the thread's next call; what it throws, that call throws. Cancelling a call unblocks it as
/// evl_unblock_thread does: EINTR, nothing consumed; a result that is already there wins.
/// </remarks>
public sealed class UserThread : IThreadFace
{
    private readonly ThreadInfo _info;

    // Where the next call is made: a frame of its own for the code of each signal handler that runs.
    private CallFrame _frame;

    internal UserThread(EvlProcess process, ThreadInfo info)
    {
        Process = process;
        _info = info;
        _frame = new CallFrame(this, info);
        info.Face = this;
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

    /// <summary>Whether a call of it is under way.</summary>
    internal bool IsCalling => _frame.IsUnderWay;

    void IThreadFace.RunHandler(Call call) => Process.Machine.Engine.RunBody(() => _frame.RunForeignAsync(call));

    void IThreadFace.Ended() => Process.Forget(_info);

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

    /// <summary>Reads for a stream: at least so many bytes, of a cross-buffer too, waiting or not whatever the file's flags say.</summary>
    internal ValueTask<SysResult> StreamRead(int fd, Memory<byte> buffer, int least, TransferMode mode, CancellationToken cancellation) =>
        Submit(SyscallNumber.Read, fd, buffer, 0, least, (long)mode, null, cancellation);

    /// <summary>As <see cref="StreamRead"/>; waits, and blocks.</summary>
    internal SysResult StreamReadBlocking(int fd, Memory<byte> buffer, int least) =>
        Block(SyscallNumber.Read, fd, buffer, 0, least, (long)TransferMode.Waiting, null);

    /// <summary>Writes for a stream: waits whatever the file's flags say.</summary>
    internal ValueTask<SysResult> StreamWrite(int fd, ReadOnlyMemory<byte> buffer, CancellationToken cancellation) =>
        Submit(SyscallNumber.Write, fd, buffer, 0, 0, (long)TransferMode.Waiting, null, cancellation);

    /// <summary>As <see cref="StreamWrite"/>; blocks.</summary>
    internal SysResult StreamWriteBlocking(int fd, ReadOnlyMemory<byte> buffer) =>
        Block(SyscallNumber.Write, fd, buffer, 0, 0, (long)TransferMode.Waiting, null);

    /// <summary>Asks for the flags of a file and how much it transfers at once: F_GETFL.</summary>
    internal ValueTask<SysResult> GetFlags(int fd, TransferLimits limits) =>
        Submit(SyscallNumber.Fcntl, fd, default, (long)FcntlCommand.GetFl, 0, 0, limits, default);

    /// <summary>As <see cref="GetFlags"/>; blocks.</summary>
    internal SysResult GetFlagsBlocking(int fd, TransferLimits limits) =>
        Block(SyscallNumber.Fcntl, fd, default, (long)FcntlCommand.GetFl, 0, 0, limits);

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

    internal ValueTask<SysResult> Submit(
        SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, long argument3, object? @object, CancellationToken cancellation) =>
        Refusal is var refusal and not Errno.None
            ? new ValueTask<SysResult>(SysResult.Error(refusal).Of(nr))
            : SyscallActivity.IsListenedTo ? Follow(nr, fd, buffer, argument, argument2, argument3, @object, cancellation)
            : _frame.Submit(nr, fd, buffer, argument, argument2, argument3, @object, cancellation);

    internal SysResult Block(
        SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, long argument3, object? @object) =>
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

    /// <summary>As <see cref="Create"/>; blocks.</summary>
    internal SysResult CreateBlocking(SyscallNumber nr, string? name, int value, OpenFlags flags) =>
        Block(nr, -1, default, (long)flags, value, 0, name);

    /// <summary>Makes a request to an element, with a value and a date.</summary>
    internal ValueTask<SysResult> Request(
        SyscallNumber nr, int fd, uint command, long argument, long dateNs = 0, CancellationToken cancellation = default) =>
        Submit(nr, fd, default, command, argument, dateNs, null, cancellation);

    /// <summary>As <see cref="Request(SyscallNumber, int, uint, long, long, CancellationToken)"/>; blocks.</summary>
    internal SysResult RequestBlocking(SyscallNumber nr, int fd, uint command, long argument, long dateNs = 0) =>
        Block(nr, fd, default, command, argument, dateNs, null);
}
