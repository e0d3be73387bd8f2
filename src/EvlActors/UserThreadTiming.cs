using System.Buffers.Binary;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// The calls of a <see cref="UserThread"/> that wait for time out-of-band: sleeps and release points. What is said there of all
/// calls holds for these. They are oob calls: EPERM for a thread that is not attached.
/// </summary>
public static class UserThreadTiming
{
    private const int NsPerUs = 1000;

    /// <summary>Sleeps until a date. evl_sleep_until on EVL_CLOCK_MONOTONIC; out-of-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="date">The date, on the machine's monotonic clock; a past one has come already.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>0; EPERM if the thread is not attached; EINVAL for bad nanoseconds; EINTR if it was unblocked or a signal came.</returns>
    public static ValueTask<SysResult> EvlSleepUntilAsync(this UserThread thread, EvlTimespec date, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Sleep(DateOf(date), isRelative: false, cancellation);
    }

    /// <summary><inheritdoc cref="EvlSleepUntilAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="date">The date, on the machine's monotonic clock; a past one has come already.</param>
    /// <returns>As <see cref="EvlSleepUntilAsync"/>.</returns>
    public static SysResult EvlSleepUntil(this UserThread thread, EvlTimespec date)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.SleepBlocking(DateOf(date), isRelative: false);
    }

    /// <summary>Sleeps for some time. evl_usleep; out-of-band.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="usecs">How long, in microseconds.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>0; EPERM if the thread is not attached; EINTR if it was unblocked or a signal came.</returns>
    public static ValueTask<SysResult> EvlUsleepAsync(this UserThread thread, uint usecs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.Sleep((long)usecs * NsPerUs, isRelative: true, cancellation);
    }

    /// <summary><inheritdoc cref="EvlUsleepAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="usecs">How long, in microseconds.</param>
    /// <returns>As <see cref="EvlUsleepAsync"/>.</returns>
    public static SysResult EvlUsleep(this UserThread thread, uint usecs)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.SleepBlocking((long)usecs * NsPerUs, isRelative: true);
    }

    /// <summary>Makes this thread periodic, until it detaches. evl_set_period, by an oob_ioctl on its element.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="threadFd">A descriptor of its element.</param>
    /// <param name="firstDate">The first release point, on the machine's monotonic clock; zero: one period from now.</param>
    /// <param name="period">The period; zero: periodic no more.</param>
    /// <returns>0; EPERM if the thread is not attached, or for another thread's element; EINVAL for a negative value or bad
    /// nanoseconds; ESTALE; EBADF.</returns>
    public static ValueTask<SysResult> SetPeriodAsync(this UserThread thread, int threadFd, EvlTimespec firstDate, EvlTimespec period)
    {
        ArgumentNullException.ThrowIfNull(thread);
        byte[] argument = new byte[4 * sizeof(long)];
        ReadOnlySpan<long> words = [firstDate.Seconds, firstDate.Nanoseconds, period.Seconds, period.Nanoseconds];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(argument.AsSpan(i * sizeof(long)), words[i]);
        return thread.OobIoctlAsync(threadFd, ThreadCommand.SetPeriod, argument);
    }

    /// <summary>
    /// Sleeps until this thread's next release point; one that has come already releases it at once. evl_wait_period, by an
    /// oob_ioctl on its element.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="threadFd">A descriptor of its element.</param>
    /// <param name="overruns">Gets how many release points were missed, 8 bytes; none by default.</param>
    /// <param name="cancellation">Unblocks the call.</param>
    /// <returns>0; ETIMEDOUT if release points were missed; EAGAIN if it is not periodic; EPERM if the thread is not attached, or
    /// for another thread's element; EINTR; EIDRM if the descriptor is closed meanwhile; EFAULT; ESTALE; EBADF.</returns>
    public static ValueTask<SysResult> WaitPeriodAsync(
        this UserThread thread, int threadFd, UserBuffer overruns = default, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.OobIoctlAsync(threadFd, ThreadCommand.WaitPeriod, overruns, cancellation);
    }

    /// <summary><inheritdoc cref="WaitPeriodAsync" path="/summary"/> Blocks.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="threadFd">A descriptor of its element.</param>
    /// <param name="overruns">Gets how many release points were missed, 8 bytes; none by default.</param>
    /// <returns>As <see cref="WaitPeriodAsync"/>.</returns>
    public static SysResult WaitPeriod(this UserThread thread, int threadFd, UserBuffer overruns = default)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return thread.OobIoctl(threadFd, ThreadCommand.WaitPeriod, overruns);
    }

    // Negative: none. Whoever may not sleep out-of-band at all hears of that first.
    private static long DateOf(EvlTimespec date) => date.IsValid ? Math.Max(0, date.Ns) : -1;
}
