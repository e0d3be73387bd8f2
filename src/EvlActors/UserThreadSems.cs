using EvlActors.Monitors;

namespace EvlActors;

/// <summary>
/// The calls of a <see cref="UserThread"/> on EVL semaphores, elements that are used through a descriptor; evl_close_sem is
/// <see cref="UserThread.CloseAsync"/>. What is said there of all calls holds for these. A semaphore can be polled, on either
/// stage: IN and RDNORM while its count is positive.
/// </summary>
public static class UserThreadSems
{
    private static readonly long s_request = new MonitorRequest(EventProtocol.Count).Argument;

    /// <summary>Creates a semaphore. evl_create_sem; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <param name="value">Its initial count; 0 by default.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>The descriptor, close-on-exec; ENXIO if the process was not initialised; EINVAL, also for a negative count; EEXIST,
    /// ENAMETOOLONG, EAGAIN, EMFILE, ENFILE.</returns>
    public static ValueTask<SysResult> CreateSemAsync(
        this UserThread thread, string? name, int value = 0, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Create(SyscallNumber.CreateSem, name, value, flags);
    }

    /// <summary><inheritdoc cref="CreateSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <param name="value">Its initial count; 0 by default.</param>
    /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
    /// <returns>As <see cref="CreateSemAsync"/>.</returns>
    public static SysResult CreateSem(this UserThread thread, string? name, int value = 0, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.CreateBlocking(SyscallNumber.CreateSem, name, value, flags);
    }

    /// <summary>Creates a semaphore of count 0. evl_new_sem; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The element's name, unique in class monitor; a leading slash makes it public, at /dev/evl/monitor/name;
    /// null: anonymous.</param>
    /// <returns>As <see cref="CreateSemAsync"/>.</returns>
    public static ValueTask<SysResult> NewSemAsync(this UserThread thread, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Create(SyscallNumber.CreateSem, name, 0, default);
    }

    /// <summary>Opens a public semaphore of whoever made it. evl_open_sem; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">Its name, with or without the leading slash.</param>
    /// <returns>The descriptor, close-on-exec; ENOENT if there is none; EINVAL if it is something else; as
    /// <see cref="UserThread.OpenAsync"/>.</returns>
    public static ValueTask<SysResult> OpenSemAsync(this UserThread thread, string name)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return MonitorOpening.OpenAsync(thread, name, EventProtocol.Count);
    }

    /// <summary>Takes one, sleeping until there is one; the most urgent thread is served first. evl_get_sem; for attached
    /// threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>0; EPERM if not attached; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another;
    /// EAGAIN if the file is O_NONBLOCK and there is none; EAGAIN after a flush; EIDRM if a file of the semaphore is released;
    /// EINTR.</returns>
    public static ValueTask<SysResult> GetSemAsync(this UserThread thread, int fd, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, s_request, 0, cancellation);
    }

    /// <summary><inheritdoc cref="GetSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>As <see cref="GetSemAsync"/>.</returns>
    public static SysResult GetSem(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, s_request);
    }

    /// <summary>As <see cref="GetSemAsync"/>, until a date. evl_timedget_sem.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="GetSemAsync"/>; ETIMEDOUT; EINVAL for a negative date, if there is none to take.</returns>
    public static ValueTask<SysResult> TimedGetSemAsync(
        this UserThread thread, int fd, long dateNs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, s_request, dateNs, cancellation);
    }

    /// <summary><inheritdoc cref="TimedGetSemAsync(UserThread, int, long, CancellationToken)" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for
    /// ever.</param>
    /// <returns>As <see cref="TimedGetSemAsync(UserThread, int, long, CancellationToken)"/>.</returns>
    public static SysResult TimedGetSem(this UserThread thread, int fd, long dateNs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, s_request, dateNs);
    }

    /// <summary>As <see cref="GetSemAsync"/>, until a date. evl_timedget_sem.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <param name="date">The date on the machine's monotonic clock; {0, 0}: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="GetSemAsync"/>; ETIMEDOUT; EINVAL for a date that is none, if there is none to take.</returns>
    public static ValueTask<SysResult> TimedGetSemAsync(
        this UserThread thread, int fd, EvlTimespec date, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.OobIoctl, fd, MonitorCommand.Wait, s_request, MonitorRequest.DateOf(date), cancellation);
    }

    /// <summary>Takes one if there is one. evl_tryget_sem; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>0; EAGAIN; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another.</returns>
    public static ValueTask<SysResult> TryGetSemAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, s_request);
    }

    /// <summary><inheritdoc cref="TryGetSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>As <see cref="TryGetSemAsync"/>.</returns>
    public static SysResult TryGetSem(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.TryWait, s_request);
    }

    /// <summary>Gives one to the first waiter, or adds it to the count. evl_put_sem; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>0; EOVERFLOW at the highest count; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of
    /// another.</returns>
    public static ValueTask<SysResult> PutSemAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Signal, s_request);
    }

    /// <summary><inheritdoc cref="PutSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>As <see cref="PutSemAsync"/>.</returns>
    public static SysResult PutSem(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Signal, s_request);
    }

    /// <summary>Wakes everybody who waits now, with EAGAIN; the count stays. evl_flush_sem; from either stage, by any
    /// thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>0; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of another.</returns>
    public static ValueTask<SysResult> FlushSemAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Broadcast, s_request);
    }

    /// <summary><inheritdoc cref="FlushSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>As <see cref="FlushSemAsync"/>.</returns>
    public static SysResult FlushSem(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Broadcast, s_request);
    }

    /// <summary>Reads the count. evl_peek_sem; from either stage, by any thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>The count; if negative, how many wait; EBADF; EINVAL if it is something else of EVL's monitor class, ENOTTY if of
    /// another.</returns>
    public static ValueTask<SysResult> PeekSemAsync(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Request(SyscallNumber.ElementRequest, fd, MonitorCommand.Peek, s_request);
    }

    /// <summary><inheritdoc cref="PeekSemAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fd">A descriptor of the semaphore.</param>
    /// <returns>As <see cref="PeekSemAsync"/>.</returns>
    public static SysResult PeekSem(this UserThread thread, int fd)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.RequestBlocking(SyscallNumber.ElementRequest, fd, MonitorCommand.Peek, s_request);
    }
}
