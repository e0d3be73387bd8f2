using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
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
/// can sleep answers EINTR when it is unblocked, cancelled or interrupted. Cancelling a call unblocks it as
/// evl_unblock_thread does: EINTR, nothing consumed; a result that is already there wins.
/// </remarks>
public sealed class UserThread : IValueTaskSource<SysResult>
{
    private readonly Call _call;
    private readonly Caller _caller;
    private readonly ThreadInfo _info;

    // Odd while a call is under way or its result not taken; each call has a number of its own, so a result is taken once.
    private int _version;

    internal UserThread(EvlProcess process, ThreadInfo info)
    {
        Process = process;
        _info = info;
        _call = new Call(info);
        _caller = process.Machine.Engine.CreateCaller(info.Priority);
        _call.Caller = _caller;
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
    /// <returns>The descriptor; EMFILE, ENOENT, ENOTDIR, EISDIR, EACCES, EEXIST, ENAMETOOLONG, EINVAL, or the driver's errno.</returns>
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
    /// <returns>What the command returns; EBADF, EINVAL, EMFILE.</returns>
    public ValueTask<SysResult> FcntlAsync(int fd, FcntlCommand command, long argument = 0) =>
        Submit(SyscallNumber.Fcntl, fd, default, (long)command, argument, 0, null, default);

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

    /// <summary>Ends this thread; a later call of it answers ESRCH. pthread_exit.</summary>
    /// <returns>0.</returns>
    public ValueTask<SysResult> ExitThreadAsync() => Submit(SyscallNumber.ExitThread, -1, default, 0, 0, 0, null, default);

    /// <summary>Ends the sleep of this thread's call with EINTR, now or when it next sleeps; any thread. evl_unblock_thread.</summary>
    public void Unblock() => _info.Actor.Tell(new Unblock(), Rank.Head);

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;

    SysResult IValueTaskSource<SysResult>.GetResult(short token) => TakeResult(token);

    ValueTaskSourceStatus IValueTaskSource<SysResult>.GetStatus(short token) =>
        _caller.IsAnswered ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<SysResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _caller.OnAnswered(continuation, state, flags);

    /// <summary>The end of the process, made by its own thread for it; works also while calls are refused.</summary>
    internal ValueTask<SysResult> ExitAsync()
    {
        short version = Begin(SyscallNumber.Exit, -1, default, 0, 0, 0, null);
        _caller.Enter(_info.Actor, _call, Rank.InBand);
        return new ValueTask<SysResult>(this, version);
    }

    /// <summary>Makes a call that polls; its arguments are filled in once it is certain that no other call is under way.</summary>
    internal ValueTask<SysResult> Submit<TState>(
        SyscallNumber nr, int fd, long argument, long argument2, TState state, Action<PollArguments, TState> fill, CancellationToken cancellation)
    {
        if (Refusal is var refusal and not Errno.None)
            return new ValueTask<SysResult>(SysResult.Error(refusal).Of(nr));
        return Enter(nr, Begin(nr, fd, argument, argument2, state, fill), cancellation);
    }

    /// <summary>As <see cref="Submit{TState}"/>; blocks.</summary>
    internal SysResult Block<TState>(
        SyscallNumber nr, int fd, long argument, long argument2, TState state, Action<PollArguments, TState> fill)
    {
        if (Refusal is var refusal and not Errno.None)
            return SysResult.Error(refusal).Of(nr);
        return EnterAndWait(nr, Begin(nr, fd, argument, argument2, state, fill));
    }

    private short Begin<TState>(
        SyscallNumber nr, int fd, long argument, long argument2, TState state, Action<PollArguments, TState> fill)
    {
        short version = Begin(nr, fd, default, argument, argument2, 0, null);
        PollArguments arguments = _call.Polled ??= new PollArguments();
        fill(arguments, state);
        _call.Object = arguments;
        return version;
    }

    private ValueTask<SysResult> Submit(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object, CancellationToken cancellation)
    {
        if (Refusal is var refusal and not Errno.None)
            return new ValueTask<SysResult>(SysResult.Error(refusal).Of(nr));
        return Enter(nr, Begin(nr, fd, buffer, argument, argument2, argument3, @object), cancellation);
    }

    private ValueTask<SysResult> Enter(SyscallNumber nr, short version, CancellationToken cancellation)
    {
        long number = _call.Number;
        _caller.Enter(_info.Actor, _call, RankOf(nr));
        if (_caller.IsAnswered)
            return new ValueTask<SysResult>(TakeResult(version));
        var call = new ValueTask<SysResult>(this, version);
        return cancellation.CanBeCanceled ? Cancellable(call, number, cancellation) : call;
    }

    private SysResult Block(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object)
    {
        if (Refusal is var refusal and not Errno.None)
            return SysResult.Error(refusal).Of(nr);
        return EnterAndWait(nr, Begin(nr, fd, buffer, argument, argument2, argument3, @object));
    }

    private SysResult EnterAndWait(SyscallNumber nr, short version)
    {
        try
        {
            _caller.EnterAndWait(_info.Actor, _call, RankOf(nr));
        }
        catch (ObjectDisposedException)
        {
            return SysResult.Error(Errno.ESRCH).Of(nr);
        }
        return TakeResult(version);
    }

    private Rank RankOf(SyscallNumber nr) =>
        nr <= SyscallNumber.OobIoctl ? Rank.Oob(_info.Priority) : Rank.InBand;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SysResult> Cancellable(ValueTask<SysResult> call, long number, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static state =>
            {
                var (thread, call) = ((UserThread, long))state!; // registered with both
                thread._info.Actor.Tell(new Unblock(call), Rank.Head);
            },
            (this, number));
        return await call.ConfigureAwait(true);
    }

    private short Begin(
        SyscallNumber nr, int fd, UserBuffer buffer, long argument, long argument2, long argument3, object? @object)
    {
        int before = Volatile.Read(ref _version);
        bool isUnderWay = (before & 1) != 0 && !_caller.IsAnswered;
        int version = before + ((before & 1) != 0 ? 2 : 1);
        if (isUnderWay || Interlocked.CompareExchange(ref _version, version, before) != before)
            throw OneAtATime();
        _call.Begin(nr, fd, buffer, argument, argument2, @object);
        _call.Argument3 = argument3;
        _call.Step = CallStep.ThreadEnter;
        return (short)version;
    }

    private SysResult TakeResult(short token)
    {
        int version = Volatile.Read(ref _version);
        if ((short)version != token || !_caller.IsAnswered)
            throw new InvalidOperationException("The result of a call is taken once, by awaiting it before the thread's next call.");
        SysResult result = _call.Result;
        bool isRefused = _call.IsRefused;
        Volatile.Write(ref _version, version + 1);
        return isRefused ? throw OneAtATime() : result;
    }

    private InvalidOperationException OneAtATime() =>
        new($"Thread {Name} has a call under way: a thread makes one call at a time. Await it first, or create another thread.");
}
