using EvlActors.Monitors;

namespace EvlActors;

/// <summary>
/// The calls of a <see cref="UserThread"/> on EVL event flags, elements that are used through a descriptor; evl_close_flags is
/// <see cref="UserThread.CloseAsync"/>. What is said there of all calls holds for these. A group of flags can be polled, on
/// either stage: IN and RDNORM while a flag is pending, else OUT and WRNORM.
/// </summary>
public static class UserThreadFlags
{
    /// <summary>Creates a group of 32 flags. evl_create_flags; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <param name="value">The flags that are pending at first; 0 by default.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>The descriptor, close-on-exec; ENXIO if the process was not initialised; EINVAL, EEXIST, ENAMETOOLONG, EAGAIN,
    /// EMFILE, ENFILE.</returns>
    public static ValueTask<SysResult> CreateFlagsAsync(
        this UserThread thread, string? name, int value = 0, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Create(SyscallNumber.CreateFlags, name, value, flags);
    }

    /// <summary><inheritdoc cref="CreateFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <param name="value">The flags that are pending at first; 0 by default.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>As <see cref="CreateFlagsAsync"/>.</returns>
    public static SysResult CreateFlags(this UserThread thread, string? name, int value = 0, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.CreateBlocking(SyscallNumber.CreateFlags, name, value, flags);
    }

    /// <summary>Creates a group of 32 flags, none pending. evl_new_flags; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <returns>As <see cref="CreateFlagsAsync"/>.</returns>
    public static ValueTask<SysResult> NewFlagsAsync(this UserThread thread, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Create(SyscallNumber.CreateFlags, name, 0, default);
    }

    /// <summary>Opens a public group of flags of whoever made it. evl_open_flags; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">Its name, with or without the leading slash.</param>
    /// <returns>The descriptor, close-on-exec; ENOENT if there is none; EINVAL if it is something else; as
    /// <see cref="UserThread.OpenAsync"/>.</returns>
    public static ValueTask<SysResult> OpenFlagsAsync(this UserThread thread, string name)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return MonitorOpening.OpenAsync(thread, name, EventProtocol.Mask);
    }

    /// <summary>Takes the flags that are pending, sleeping until there are; the most urgent thread is served first. evl_wait_flags;
    /// for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The flags that it took, an int; EPERM if not attached; EBADF; EINVAL if it is something else of EVL's monitor
    /// class, ENOTTY if of another; EAGAIN if the file is O_NONBLOCK and there are none; EIDRM if a file of the group is released;
    /// EINTR.</returns>
    public static ValueTask<SysResult> WaitFlagsAsync(this UserThread thread, int fd, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(0), 0, cancellation);
    }

    /// <summary><inheritdoc cref="WaitFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <returns>As <see cref="WaitFlagsAsync"/>.</returns>
    public static SysResult WaitFlags(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(0));
    }

    /// <summary>As <see cref="WaitFlagsAsync"/>, until a date. evl_timedwait_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitFlagsAsync"/>; ETIMEDOUT; EINVAL for a negative date, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitFlagsAsync(
        this UserThread thread, int fd, long dateNs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(0), dateNs, cancellation);
    }

    /// <summary><inheritdoc cref="TimedWaitFlagsAsync(UserThread, int, long, CancellationToken)" path="/summary"/>
    /// Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <returns>As <see cref="TimedWaitFlagsAsync(UserThread, int, long, CancellationToken)"/>.</returns>
    public static SysResult TimedWaitFlags(this UserThread thread, int fd, long dateNs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(0), dateNs);
    }

    /// <summary>As <see cref="WaitFlagsAsync"/>, until a date. evl_timedwait_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="date">The date on the machine's monotonic clock; {0, 0}: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitFlagsAsync"/>; ETIMEDOUT; EINVAL for a date that is none, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitFlagsAsync(
        this UserThread thread, int fd, EvlTimespec date, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(0), MonitorRequest.DateOf(date), cancellation);
    }

    /// <summary>Takes the flags that are pending if there are. evl_trywait_flags; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <returns>The flags that it took, an int; EAGAIN; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of
    /// another.</returns>
    public static ValueTask<SysResult> TryWaitFlagsAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, Request(0));
    }

    /// <summary><inheritdoc cref="TryWaitFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <returns>As <see cref="TryWaitFlagsAsync"/>.</returns>
    public static SysResult TryWaitFlags(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, Request(0));
    }

    /// <summary>Takes those of some flags that are pending, sleeping until there are; the most urgent thread is served first.
    /// evl_wait_some_flags; for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The flags that it took, an int; EPERM if not attached; EBADF; EINVAL if it is something else of EVL's monitor
    /// class, ENOTTY if of another; EAGAIN if the file is O_NONBLOCK and there are none; EIDRM if a file of the group is released;
    /// EINTR.</returns>
    public static ValueTask<SysResult> WaitSomeFlagsAsync(
        this UserThread thread, int fd, int bits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(bits), 0, cancellation);
    }

    /// <summary><inheritdoc cref="WaitSomeFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <returns>As <see cref="WaitSomeFlagsAsync"/>.</returns>
    public static SysResult WaitSomeFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(bits));
    }

    /// <summary>As <see cref="WaitSomeFlagsAsync"/>, until a date. evl_timedwait_some_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitSomeFlagsAsync"/>; ETIMEDOUT; EINVAL for a negative date, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitSomeFlagsAsync(
        this UserThread thread, int fd, int bits, long dateNs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(bits), dateNs, cancellation);
    }

    /// <summary><inheritdoc cref="TimedWaitSomeFlagsAsync(UserThread, int, int, long, CancellationToken)" path="/summary"/>
    /// Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <returns>As <see cref="TimedWaitSomeFlagsAsync(UserThread, int, int, long, CancellationToken)"/>.</returns>
    public static SysResult TimedWaitSomeFlags(this UserThread thread, int fd, int bits, long dateNs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(bits), dateNs);
    }

    /// <summary>As <see cref="WaitSomeFlagsAsync"/>, until a date. evl_timedwait_some_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <param name="date">The date on the machine's monotonic clock; {0, 0}: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitSomeFlagsAsync"/>; ETIMEDOUT; EINVAL for a date that is none, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitSomeFlagsAsync(
        this UserThread thread, int fd, int bits, EvlTimespec date, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, Request(bits), MonitorRequest.DateOf(date), cancellation);
    }

    /// <summary>Takes those of some flags that are pending if there are. evl_trywait_some_flags; from either stage, by any
    /// thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <returns>The flags that it took, an int; EAGAIN; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of
    /// another.</returns>
    public static ValueTask<SysResult> TryWaitSomeFlagsAsync(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, Request(bits));
    }

    /// <summary><inheritdoc cref="TryWaitSomeFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: any, as with <see cref="WaitFlagsAsync"/>.</param>
    /// <returns>As <see cref="TryWaitSomeFlagsAsync"/>.</returns>
    public static SysResult TryWaitSomeFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, Request(bits));
    }

    /// <summary>Takes some flags when all of them are pending, sleeping until there are; the most urgent thread is served first.
    /// evl_wait_exact_flags; for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>The flags that it took, an int; EPERM if not attached; EBADF; EINVAL if it is something else of EVL's monitor
    /// class, ENOTTY if of another; EAGAIN if the file is O_NONBLOCK and there are none; EIDRM if a file of the group is released;
    /// EINTR.</returns>
    public static ValueTask<SysResult> WaitExactFlagsAsync(
        this UserThread thread, int fd, int bits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.WaitExact, Request(bits), 0, cancellation);
    }

    /// <summary><inheritdoc cref="WaitExactFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <returns>As <see cref="WaitExactFlagsAsync"/>.</returns>
    public static SysResult WaitExactFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.WaitExact, Request(bits));
    }

    /// <summary>As <see cref="WaitExactFlagsAsync"/>, until a date. evl_timedwait_exact_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitExactFlagsAsync"/>; ETIMEDOUT; EINVAL for a negative date, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitExactFlagsAsync(
        this UserThread thread, int fd, int bits, long dateNs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.WaitExact, Request(bits), dateNs, cancellation);
    }

    /// <summary><inheritdoc cref="TimedWaitExactFlagsAsync(UserThread, int, int, long, CancellationToken)" path="/summary"/>
    /// Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <returns>As <see cref="TimedWaitExactFlagsAsync(UserThread, int, int, long, CancellationToken)"/>.</returns>
    public static SysResult TimedWaitExactFlags(this UserThread thread, int fd, int bits, long dateNs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.WaitExact, Request(bits), dateNs);
    }

    /// <summary>As <see cref="WaitExactFlagsAsync"/>, until a date. evl_timedwait_exact_flags.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <param name="date">The date on the machine's monotonic clock; {0, 0}: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="WaitExactFlagsAsync"/>; ETIMEDOUT; EINVAL for a date that is none, if it would sleep.</returns>
    public static ValueTask<SysResult> TimedWaitExactFlagsAsync(
        this UserThread thread, int fd, int bits, EvlTimespec date, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(
            SyscallNumber.OobIoctl, fd, MonitorCommand.WaitExact, Request(bits), MonitorRequest.DateOf(date), cancellation);
    }

    /// <summary>Takes some flags when all of them are pending if there are. evl_trywait_exact_flags; from either stage, by any
    /// thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <returns>The flags that it took, an int; EAGAIN; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of
    /// another.</returns>
    public static ValueTask<SysResult> TryWaitExactFlagsAsync(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWaitExact, Request(bits));
    }

    /// <summary><inheritdoc cref="TryWaitExactFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits; 0: all 32.</param>
    /// <returns>As <see cref="TryWaitExactFlagsAsync"/>.</returns>
    public static SysResult TryWaitExactFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWaitExact, Request(bits));
    }

    /// <summary>Sets flags as pending; the first waiter that they satisfy takes its own, who waits for others sleeps on.
    /// evl_post_flags; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits, at least one.</param>
    /// <returns>0; EINVAL for no bit; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another.</returns>
    public static ValueTask<SysResult> PostFlagsAsync(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Signal, Request(bits));
    }

    /// <summary><inheritdoc cref="PostFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits, at least one.</param>
    /// <returns>As <see cref="PostFlagsAsync"/>.</returns>
    public static SysResult PostFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Signal, Request(bits));
    }

    /// <summary>Sets flags as pending; every waiter that they satisfy takes a copy. evl_broadcast_flags; from either stage, by any
    /// thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits, at least one.</param>
    /// <returns>0; EINVAL for no bit; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another.</returns>
    public static ValueTask<SysResult> BroadcastFlagsAsync(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Broadcast, Request(bits));
    }

    /// <summary><inheritdoc cref="BroadcastFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <param name="bits">The bits, at least one.</param>
    /// <returns>As <see cref="BroadcastFlagsAsync"/>.</returns>
    public static SysResult BroadcastFlags(this UserThread thread, int fd, int bits)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Broadcast, Request(bits));
    }

    /// <summary>Reads the pending flags and leaves them. evl_peek_flags; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <returns>The flags, an int; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another.</returns>
    public static ValueTask<SysResult> PeekFlagsAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Peek, Request(0));
    }

    /// <summary><inheritdoc cref="PeekFlagsAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the flags.</param>
    /// <returns>As <see cref="PeekFlagsAsync"/>.</returns>
    public static SysResult PeekFlags(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Peek, Request(0));
    }

    private static long Request(int bits) => new MonitorRequest(EventProtocol.Mask, bits).Argument;
}
