using EvlActors.Calls;
using EvlActors.OutOfBand;

namespace EvlActors;

/// <summary>
/// The calls of a <see cref="UserThread"/> that wait for files to become ready: poll, select, epoll, EVL poll sets. What is said
/// there of all calls holds for these; poll, select and epoll_wait are never restarted after a signal, evl_poll is if the
/// signal's handler says so.
/// </summary>
public static class UserThreadPolls
{
    /// <summary>
    /// Waits until one of some files is ready. poll(2); in-band. A file that is closed meanwhile is held until the call returns
    /// and does not wake it; its number is looked up afresh after each wake-up and at the timeout.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fds">The files and what is asked for; Revents of each entry is written by a call that succeeds.</param>
    /// <param name="timeoutMs">How long at most, in milliseconds; 0: not at all; negative: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>How many entries have Revents set, 0 at the timeout; EFAULT; EINVAL for more entries than the process may have
    /// descriptors; EINTR. A number that is not open is reported in its entry: NVAL.</returns>
    public static ValueTask<SysResult> PollAsync(
        this UserThread thread, UserArray<PollFd> fds, int timeoutMs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.Poll, -1, 0, 0, (fds, timeoutMs), Fill, cancellation);
    }

    /// <summary><inheritdoc cref="PollAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="fds">The files and what is asked for; Revents of each entry is written by a call that succeeds.</param>
    /// <param name="timeoutMs">How long at most, in milliseconds; 0: not at all; negative: for ever.</param>
    /// <returns>As <see cref="PollAsync"/>.</returns>
    public static SysResult Poll(this UserThread thread, UserArray<PollFd> fds, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.Poll, -1, 0, 0, (fds, timeoutMs), Fill);
    }

    /// <summary>Waits until one of some files is ready. select(2); in-band. The sets are replaced by what is ready.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="nfds">The numbers below it are looked at.</param>
    /// <param name="read">Those to be readable, or null.</param>
    /// <param name="write">Those to be writable, or null.</param>
    /// <param name="except">Those to be exceptional, or null.</param>
    /// <param name="timeout">How long at most, replaced by what is left of it; null: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>How many bits are set, 0 at the timeout; EINVAL, EFAULT, EINTR; EBADF if a number in a set is not open.</returns>
    public static ValueTask<SysResult> SelectAsync(
        this UserThread thread, int nfds, FdSet? read, FdSet? write, FdSet? except, Timeval? timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.Select, -1, nfds, 0, (read, write, except, timeout), Fill, cancellation);
    }

    /// <summary><inheritdoc cref="SelectAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="nfds">The numbers below it are looked at.</param>
    /// <param name="read">Those to be readable, or null.</param>
    /// <param name="write">Those to be writable, or null.</param>
    /// <param name="except">Those to be exceptional, or null.</param>
    /// <param name="timeout">How long at most, replaced by what is left of it; null: for ever.</param>
    /// <returns>As <see cref="SelectAsync"/>.</returns>
    public static SysResult Select(this UserThread thread, int nfds, FdSet? read, FdSet? write, FdSet? except, Timeval? timeout)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.Select, -1, nfds, 0, (read, write, except, timeout), Fill);
    }

    /// <summary>Makes an EVL poll set, an open file of /dev/evl/poll. evl_new_poll; in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="flags">O_NONBLOCK, or nothing.</param>
    /// <returns>The descriptor, close-on-exec; EMFILE.</returns>
    public static ValueTask<SysResult> NewPollAsync(this UserThread thread, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.OpenAsync(PollSetDevice.Path, OpenFlags.ReadWrite | OpenFlags.CloseOnExec | flags & OpenFlags.NonBlock);
    }

    /// <summary><inheritdoc cref="NewPollAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="flags">O_NONBLOCK, or nothing.</param>
    /// <returns>As <see cref="NewPollAsync"/>.</returns>
    public static SysResult NewPoll(this UserThread thread, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Open(PollSetDevice.Path, OpenFlags.ReadWrite | OpenFlags.CloseOnExec | flags & OpenFlags.NonBlock);
    }

    /// <summary>
    /// Adds a descriptor to a poll set. evl_add_pollfd; for attached threads. The number is looked up again, in the caller's
    /// table, by each wait.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="events">What is asked for; ERR and HUP are reported unasked.</param>
    /// <param name="pollval">Given back with each report.</param>
    /// <returns>0; EPERM if not attached; EBADF; ELOOP for the set itself, one that leads back to it, or a nesting that is too
    /// deep; EEXIST if the number is in the set.</returns>
    public static ValueTask<SysResult> AddPollfdAsync(this UserThread thread, int efd, int fd, PollEvents events, long pollval = 0) =>
        Control(thread, efd, PollSetDevice.ActionAdd, fd, events, pollval);

    /// <summary><inheritdoc cref="AddPollfdAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor of an oob file.</param>
    /// <param name="events">What is asked for; ERR and HUP are reported unasked.</param>
    /// <param name="pollval">Given back with each report.</param>
    /// <returns>As <see cref="AddPollfdAsync"/>.</returns>
    public static SysResult AddPollfd(this UserThread thread, int efd, int fd, PollEvents events, long pollval = 0) =>
        ControlBlocking(thread, efd, PollSetDevice.ActionAdd, fd, events, pollval);

    /// <summary>Takes a descriptor out of a poll set, closed or not. evl_del_pollfd; for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor.</param>
    /// <returns>0; EPERM if not attached; EBADF; ENOENT if the number is not in the set.</returns>
    public static ValueTask<SysResult> DelPollfdAsync(this UserThread thread, int efd, int fd) =>
        Control(thread, efd, PollSetDevice.ActionDel, fd, PollEvents.None, 0);

    /// <summary><inheritdoc cref="DelPollfdAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor.</param>
    /// <returns>As <see cref="DelPollfdAsync"/>.</returns>
    public static SysResult DelPollfd(this UserThread thread, int efd, int fd) =>
        ControlBlocking(thread, efd, PollSetDevice.ActionDel, fd, PollEvents.None, 0);

    /// <summary>Changes what a poll set asks of a descriptor, closed or not. evl_mod_pollfd; for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="events">What is asked for from the next wait on.</param>
    /// <param name="pollval">Given back with each report.</param>
    /// <returns>0; EPERM if not attached; EBADF; ENOENT if the number is not in the set.</returns>
    public static ValueTask<SysResult> ModPollfdAsync(this UserThread thread, int efd, int fd, PollEvents events, long pollval = 0) =>
        Control(thread, efd, PollSetDevice.ActionMod, fd, events, pollval);

    /// <summary><inheritdoc cref="ModPollfdAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="events">What is asked for from the next wait on.</param>
    /// <param name="pollval">Given back with each report.</param>
    /// <returns>As <see cref="ModPollfdAsync"/>.</returns>
    public static SysResult ModPollfd(this UserThread thread, int efd, int fd, PollEvents events, long pollval = 0) =>
        ControlBlocking(thread, efd, PollSetDevice.ActionMod, fd, events, pollval);

    /// <summary>Waits until a descriptor of a poll set is ready. evl_poll; for attached threads.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="set">What is filled; its count is how many are taken at most.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>How many were filled in. EPERM if not attached; EBADF, also if a number in the set is not open; EINVAL for a
    /// negative count or an empty set; EFAULT; EAGAIN if the set is O_NONBLOCK; EIDRM if it is closed; EINTR. A number that is
    /// closed or replaced during the wait is reported: NVAL.</returns>
    public static ValueTask<SysResult> EvlPollAsync(
        this UserThread thread, int efd, UserArray<EvlPollEvent> set, CancellationToken cancellation = default) =>
        Wait(thread, efd, set, default(EvlTimespec), cancellation);

    /// <summary>As <see cref="EvlPollAsync"/>, until a date. evl_timedpoll.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="set">What is filled; its count is how many are taken at most.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="EvlPollAsync"/>; ETIMEDOUT.</returns>
    public static ValueTask<SysResult> EvlTimedPollAsync(
        this UserThread thread, int efd, UserArray<EvlPollEvent> set, long dateNs, CancellationToken cancellation = default) =>
        Wait(thread, efd, set, EvlTimespec.FromNs(dateNs), cancellation);

    /// <summary>As <see cref="EvlPollAsync"/>, until a date. evl_timedpoll.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="set">What is filled; its count is how many are taken at most.</param>
    /// <param name="date">The date on the machine's monotonic clock; {0, 0}: for ever; null: a bad pointer.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>As <see cref="EvlPollAsync"/>; ETIMEDOUT; EINVAL for a date that is none; EFAULT for a bad pointer.</returns>
    public static ValueTask<SysResult> EvlTimedPollAsync(
        this UserThread thread, int efd, UserArray<EvlPollEvent> set, EvlTimespec? date, CancellationToken cancellation = default) =>
        Wait(thread, efd, set, date, cancellation);

    /// <summary><inheritdoc cref="EvlPollAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="set">What is filled; its count is how many are taken at most.</param>
    /// <returns>As <see cref="EvlPollAsync"/>.</returns>
    public static SysResult EvlPoll(this UserThread thread, int efd, UserArray<EvlPollEvent> set) =>
        WaitBlocking(thread, efd, set, default(EvlTimespec));

    /// <summary>As <see cref="EvlPoll"/>, until a date. evl_timedpoll. Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="efd">The set.</param>
    /// <param name="set">What is filled; its count is how many are taken at most.</param>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already; 0: for ever.</param>
    /// <returns>As <see cref="EvlPollAsync"/>; ETIMEDOUT.</returns>
    public static SysResult EvlTimedPoll(this UserThread thread, int efd, UserArray<EvlPollEvent> set, long dateNs) =>
        WaitBlocking(thread, efd, set, EvlTimespec.FromNs(dateNs));

    /// <summary>Makes an epoll. epoll_create(2); in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="size">Only tested.</param>
    /// <returns>The descriptor; EINVAL for a size below 1; EMFILE.</returns>
    public static ValueTask<SysResult> EpollCreateAsync(this UserThread thread, int size)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Submit(SyscallNumber.EpollCreate, size);
    }

    /// <summary>Makes an epoll. epoll_create1(2); in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="flags">O_CLOEXEC (EPOLL_CLOEXEC), or nothing.</param>
    /// <returns>The descriptor; EINVAL for other flags; EMFILE.</returns>
    public static ValueTask<SysResult> EpollCreate1Async(this UserThread thread, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Submit(SyscallNumber.EpollCreate1, (long)flags);
    }

    /// <summary><inheritdoc cref="EpollCreate1Async" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="flags">O_CLOEXEC (EPOLL_CLOEXEC), or nothing.</param>
    /// <returns>As <see cref="EpollCreate1Async"/>.</returns>
    public static SysResult EpollCreate1(this UserThread thread, OpenFlags flags = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Block(SyscallNumber.EpollCreate1, (long)flags);
    }

    /// <summary>Adds a file to an epoll, changes or removes it. epoll_ctl(2); in-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="epfd">The epoll.</param>
    /// <param name="op">What is asked for.</param>
    /// <param name="fd">The descriptor; together with its open file it names the registration.</param>
    /// <param name="event">The events and flags, and what is given back with each report; null: a bad pointer. Not used by DEL.</param>
    /// <returns>0; EFAULT, EBADF, EPERM for a file that can't be polled, EINVAL, ELOOP, EEXIST, ENOENT, ENOSPC if the
    /// user who made the epoll has <see cref="EvlMachineOptions.MaxEpollWatches"/> registrations; in this order.</returns>
    public static ValueTask<SysResult> EpollCtlAsync(this UserThread thread, int epfd, EpollOp op, int fd, EpollEvent? @event = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.EpollCtl, epfd, (long)op, fd, @event, Fill, default);
    }

    /// <summary><inheritdoc cref="EpollCtlAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="epfd">The epoll.</param>
    /// <param name="op">What is asked for.</param>
    /// <param name="fd">The descriptor; together with its open file it names the registration.</param>
    /// <param name="event">The events and flags, and what is given back with each report; null: a bad pointer. Not used by DEL.</param>
    /// <returns>As <see cref="EpollCtlAsync"/>.</returns>
    public static SysResult EpollCtl(this UserThread thread, int epfd, EpollOp op, int fd, EpollEvent? @event = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.EpollCtl, epfd, (long)op, fd, @event, Fill);
    }

    /// <summary>Waits until a file of an epoll is ready. epoll_wait(2); in-band. Costs what is ready, not what is watched.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="epfd">The epoll.</param>
    /// <param name="events">What is filled; its count is how many are taken at most.</param>
    /// <param name="timeoutMs">How long at most, in milliseconds; 0: not at all; negative: for ever.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>How many were filled in, 0 at the timeout; EINVAL for a count below 1 or a file that is no epoll; EBADF; EFAULT
    /// when something is to be reported; EINTR.</returns>
    public static ValueTask<SysResult> EpollWaitAsync(
        this UserThread thread, int epfd, UserArray<EpollEvent> events, int timeoutMs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.EpollWait, epfd, timeoutMs, 0, events, Fill, cancellation);
    }

    /// <summary><inheritdoc cref="EpollWaitAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="epfd">The epoll.</param>
    /// <param name="events">What is filled; its count is how many are taken at most.</param>
    /// <param name="timeoutMs">How long at most, in milliseconds; 0: not at all; negative: for ever.</param>
    /// <returns>As <see cref="EpollWaitAsync"/>.</returns>
    public static SysResult EpollWait(this UserThread thread, int epfd, UserArray<EpollEvent> events, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.EpollWait, epfd, timeoutMs, 0, events, Fill);
    }

    private static ValueTask<SysResult> Control(UserThread thread, int efd, long action, int fd, PollEvents events, long pollval)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.OobIoctl, efd, PollSetDevice.Control, 0, (action, fd, events, pollval), Fill, default);
    }

    private static SysResult ControlBlocking(UserThread thread, int efd, long action, int fd, PollEvents events, long pollval)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.OobIoctl, efd, PollSetDevice.Control, 0, (action, fd, events, pollval), Fill);
    }

    private static SysResult WaitBlocking(UserThread thread, int efd, UserArray<EvlPollEvent> set, EvlTimespec? date)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.PollBlocking(SyscallNumber.OobIoctl, efd, PollSetDevice.Wait, 0, (set, date), Fill);
    }

    private static ValueTask<SysResult> Wait(
        UserThread thread, int efd, UserArray<EvlPollEvent> set, EvlTimespec? date, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Poll(SyscallNumber.OobIoctl, efd, PollSetDevice.Wait, 0, (set, date), Fill, cancellation);
    }

    private static void Fill(PollArguments arguments, EpollEvent? @event) => arguments.Event = @event;

    private static void Fill(PollArguments arguments, UserArray<EpollEvent> events) => arguments.Events = events;

    private static void Fill(PollArguments arguments, (UserArray<PollFd> Fds, int TimeoutMs) poll) =>
        (arguments.Fds, arguments.TimeoutMs) = poll;

    private static void Fill(PollArguments arguments, (FdSet? Read, FdSet? Write, FdSet? Except, Timeval? Timeout) select) =>
        (arguments.Read, arguments.Write, arguments.Except, arguments.Timeout) = select;

    private static void Fill(PollArguments arguments, (UserArray<EvlPollEvent> Set, EvlTimespec? Date) wait) =>
        (arguments.Set, arguments.Date) = wait;

    private static void Fill(PollArguments arguments, (long Action, int Fd, PollEvents Events, long PollVal) control) =>
        (arguments.Action, arguments.Fd, arguments.Asked, arguments.PollVal) = control;
}
